package dev.headgate.architecture.violations.exchangestandsalone.route;

public record Route() {}
