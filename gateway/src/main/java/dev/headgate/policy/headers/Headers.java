package dev.headgate.policy.headers;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code request-headers} and {@code response-headers} of a route. */
public final class Headers implements Policy.Hook {
  static final ConfigKey<HeaderChanges> REQUEST =
      new ConfigKey<>("request-headers", HeaderChanges.spec(), "Changes to what the service gets.");
  static final ConfigKey<HeaderChanges> RESPONSE =
      new ConfigKey<>("response-headers", HeaderChanges.spec(), "Changes to what the client gets.");

  private final @Nullable HeaderChanges request;
  private final @Nullable HeaderChanges response;

  private Headers(@Nullable HeaderChanges request, @Nullable HeaderChanges response) {
    this.request = request;
    this.response = response;
  }

  public static PolicyFactory factory() {
    return new PolicyFactory() {
      @Override
      public PolicyStage stage() {
        return PolicyStage.HEADERS;
      }

      @Override
      public List<ConfigKey<?>> routeKeys() {
        return List.of(REQUEST, RESPONSE);
      }

      @Override
      public Optional<Policy> create(RouteContext context) {
        RouteConfig route = context.route();
        if (route == null) {
          return Optional.empty();
        }
        HeaderChanges request = route.extensions().get(REQUEST);
        HeaderChanges response = route.extensions().get(RESPONSE);
        return request == null && response == null
            ? Optional.empty()
            : Optional.of(new Headers(request, response));
      }
    };
  }

  @Override
  public void onRequest(GatewayExchange exchange) {
    if (request != null) {
      request.apply(exchange.headers());
    }
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse answer) {
    if (response != null) {
      response.apply(answer.headers());
    }
  }
}
