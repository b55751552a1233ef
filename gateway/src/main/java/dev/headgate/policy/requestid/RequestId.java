package dev.headgate.policy.requestid;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code X-Request-Id}: kept from a trusted proxy where it is 1 to 128 visible ASCII characters,
 * else a new UUIDv7 (RFC 9562 section 5.7); sent upstream and echoed on every response.
 */
final class RequestId implements Policy.Hook {
  static final AsciiString HEADER = AsciiString.cached("x-request-id");
  private static final int MAX_LENGTH = 128;

  private final Supplier<String> ids;

  RequestId(Supplier<String> ids) {
    this.ids = ids;
  }

  @Override
  public void onRequest(GatewayExchange exchange) {
    String id = exchange.requestId();
    if (id.isEmpty()) {
      // It has one already where a chain is mounted inside an exchange of Spring's.
      id = choose(exchange.headers(), exchange.request().trusted());
      exchange.requestId(id);
    }
    exchange.headers().set(HEADER, id);
  }

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    response.headers().set(HEADER, exchange.requestId());
  }

  private String choose(HttpHeaders headers, boolean trusted) {
    if (trusted) {
      List<String> sent = headers.getAll(HEADER);
      if (sent.size() == 1 && valid(sent.get(0))) {
        return sent.get(0);
      }
    }
    return ids.get();
  }

  static boolean valid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }
}
