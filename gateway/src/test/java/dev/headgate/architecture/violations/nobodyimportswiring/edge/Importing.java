package dev.headgate.architecture.violations.nobodyimportswiring.edge;

import dev.headgate.architecture.violations.nobodyimportswiring.wiring.Beans;

record Importing(Beans beans) {}
