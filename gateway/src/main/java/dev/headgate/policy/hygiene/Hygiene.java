package dev.headgate.policy.hygiene;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hides what a service tells of itself, and adds the security headers of the route. */
final class Hygiene implements Policy.Hook {
  private static final String HSTS = "strict-transport-security";

  private final boolean hideSoftware;
  private final @Nullable SecurityHeadersConfig security;

  Hygiene(boolean hideSoftware, @Nullable SecurityHeadersConfig security) {
    this.hideSoftware = hideSoftware;
    this.security = security;
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    if (hideSoftware) {
      SoftwareHeaders.remove(response.headers());
    }
    if (security != null) {
      secure(security, exchange, response.headers());
    }
  }

  private static void secure(
      SecurityHeadersConfig config, GatewayExchange exchange, HttpHeaders headers) {
    for (Map.Entry<String, String> field : config.fields().entrySet()) {
      put(headers, field.getKey(), field.getValue(), config.override());
    }
    // Over plain http the field must not be sent (RFC 6797 section 7.2).
    String hsts = config.hsts();
    if (hsts != null && exchange.request().scheme().equals("https")) {
      put(headers, HSTS, hsts, config.override());
    }
  }

  private static void put(HttpHeaders headers, String name, String value, boolean override) {
    if (override || !headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
