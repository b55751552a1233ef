package dev.headgate.architecture.violations.everypackageisnullmarked.route;

final class InAPackageWithoutPackageInfo {}
