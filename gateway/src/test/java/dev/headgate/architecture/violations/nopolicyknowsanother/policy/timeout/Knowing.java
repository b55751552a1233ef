package dev.headgate.architecture.violations.nopolicyknowsanother.policy.timeout;

import dev.headgate.architecture.violations.nopolicyknowsanother.policy.retry.RetryConfig;

record Knowing(RetryConfig retry) {}
