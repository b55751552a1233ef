package dev.headgate.architecture.violations.thechainknowsnoserver.policy.retry;

import reactor.netty.http.server.HttpServerRequest;

record ServerBound(HttpServerRequest request) {}
