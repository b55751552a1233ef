package dev.headgate.architecture.violations.nobodyimportswiring.wiring;

public final class Beans {}
