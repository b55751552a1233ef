package dev.headgate.architecture.violations.nocyclesbetweenpackages.upstream;

import dev.headgate.architecture.violations.nocyclesbetweenpackages.route.Here;

public record There(Here here) {}
