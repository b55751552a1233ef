package dev.headgate.architecture.violations.apolicyshowsitsfactoryanditsconfig.policy.retry;

public final class PublicWorker {}
