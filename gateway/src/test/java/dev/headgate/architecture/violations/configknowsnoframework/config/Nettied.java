package dev.headgate.architecture.violations.configknowsnoframework.config;

import io.netty.handler.codec.http.HttpMethod;

record Nettied(HttpMethod method) {}
