package dev.headgate.architecture.violations.packagesarethoseofthedesign.util;

final class StringUtils {}
