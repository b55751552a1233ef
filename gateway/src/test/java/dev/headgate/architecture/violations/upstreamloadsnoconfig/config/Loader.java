package dev.headgate.architecture.violations.upstreamloadsnoconfig.config;

public final class Loader {}
