package dev.headgate.policy.cache;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.Methods;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a request has changed is not to be given any more (RFC 9111 section 4.4), whichever route it
 * came by.
 */
record Invalidation(CacheTools tools) implements Policy.Around, Policy.Hook {
  private static final int OK = 200;
  private static final int CLIENT_ERROR = 400;

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    return Methods.isSafe(exchange.request().method().name())
        ? next.run(exchange)
        : next.run(exchange)
            .doOnNext(
                response -> {
                  if (succeeded(response)) {
                    GatewayRequest request = exchange.request();
                    changed(request.authority(), request.path(), request.query());
                  }
                });
  }

  /** By then the client's own URLs stand there, whatever the service calls them. */
  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    if (succeeded(response) && !Methods.isSafe(exchange.request().method().name())) {
      changed(exchange.request(), response.headers().get(HttpHeaderNames.LOCATION));
      changed(exchange.request(), response.headers().get(HttpHeaderNames.CONTENT_LOCATION));
    }
  }

  private static boolean succeeded(GatewayResponse response) {
    int status = response.status().code();
    return status >= OK && status < CLIENT_ERROR;
  }

  private void changed(GatewayRequest request, @Nullable String reference) {
    OwnUrl there = OwnUrl.of(request, reference);
    if (there != null) {
      changed(request.authority(), there.path(), there.query());
    }
  }

  private void changed(String authority, String path, @Nullable String query) {
    tools.purge().changed(authority.toLowerCase(Locale.ROOT), path, query);
  }
}
