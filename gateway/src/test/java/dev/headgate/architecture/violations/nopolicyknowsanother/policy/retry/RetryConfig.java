package dev.headgate.architecture.violations.nopolicyknowsanother.policy.retry;

public record RetryConfig() {}
