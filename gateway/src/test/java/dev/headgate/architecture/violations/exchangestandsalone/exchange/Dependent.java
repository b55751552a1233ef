package dev.headgate.architecture.violations.exchangestandsalone.exchange;

import dev.headgate.architecture.violations.exchangestandsalone.route.Route;

record Dependent(Route route) {}
