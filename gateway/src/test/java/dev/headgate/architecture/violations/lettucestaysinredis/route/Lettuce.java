package dev.headgate.architecture.violations.lettucestaysinredis.route;

import io.lettuce.core.RedisURI;

record Lettuce(RedisURI uri) {}
