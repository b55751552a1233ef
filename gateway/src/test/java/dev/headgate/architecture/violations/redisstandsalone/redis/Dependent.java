package dev.headgate.architecture.violations.redisstandsalone.redis;

import dev.headgate.architecture.violations.redisstandsalone.route.Route;

record Dependent(Route route) {}
