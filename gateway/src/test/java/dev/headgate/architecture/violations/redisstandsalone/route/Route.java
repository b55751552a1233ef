package dev.headgate.architecture.violations.redisstandsalone.route;

public record Route() {}
