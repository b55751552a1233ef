package dev.headgate.policy.version;

import dev.headgate.config.VersioningConfig;
import dev.headgate.exchange.FieldValues;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;

/**
 * {@code Vary} (RFC 9110 section 12.5.5): every request field that could have chosen the version,
 * whichever did. A cache would else give the answer to a client that asks for another one.
 *
 * @param from where requests say their version
 */
record Choosers(VersioningConfig.From from) implements Policy.Hook {
  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    if (from.acceptParameter() != null) {
      FieldValues.vary(response.headers(), "Accept");
    }
    if (from.header() != null) {
      FieldValues.vary(response.headers(), from.header());
    }
  }
}
