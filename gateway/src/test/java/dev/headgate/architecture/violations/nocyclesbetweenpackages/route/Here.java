package dev.headgate.architecture.violations.nocyclesbetweenpackages.route;

import dev.headgate.architecture.violations.nocyclesbetweenpackages.upstream.There;

public record Here(There there) {}
