package dev.headgate.architecture.violations.upstreamloadsnoconfig.upstream;

import dev.headgate.architecture.violations.upstreamloadsnoconfig.config.Loader;

record Loading(Loader loader) {}
