package dev.headgate.architecture.violations.routeispure.route;

import io.netty.handler.codec.http.HttpMethod;

record Impure(HttpMethod method) {}
