package dev.headgate.policy.requestlimits;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.SteppedBody;
import dev.headgate.policy.Next;
import dev.headgate.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Refuses what is larger than the route allows. A declared length is judged at once, so that a
 * client that expects a 100 never begins to send; a body without one is counted on its way.
 */
record RequestLimits(RequestLimitsConfig limits) implements Policy.Around {
  /** {@code ": "} and CRLF, as in the section's bytes (RFC 9112 section 5). */
  private static final int LINE_OVERHEAD = 4;

  private static final Set<String> WRITTEN_BY_US =
      Set.of(
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-real-ip",
          "client-cert",
          "x-request-id");

  @Override
  public Mono<GatewayResponse> apply(GatewayExchange exchange, Next next) {
    FailureReason excess = excess(exchange);
    if (excess != null) {
      return Mono.error(GatewayFailure.of(excess));
    }
    Body body = exchange.body();
    if (limits.maxBody() != RequestLimitsConfig.NONE
        && body.length() < 0
        && exchange.upgrade() == null) {
      exchange.body(
          new SteppedBody(body, -1, exchange.loop(), () -> new Counted(limits.maxBody())));
    }
    return next.run(exchange);
  }

  private @Nullable FailureReason excess(GatewayExchange exchange) {
    if (targetBytes(exchange.request()) > limits.maxUri()) {
      return FailureReason.URI_TOO_LONG;
    }
    if (limits.maxHeaders() != RequestLimitsConfig.NONE
        && headerBytes(exchange.headers()) > limits.maxHeaders()) {
      return FailureReason.HEADERS_TOO_LARGE;
    }
    return exchange.body().length() > limits.maxBody() ? FailureReason.PAYLOAD_TOO_LARGE : null;
  }

  private static long targetBytes(GatewayRequest request) {
    String query = request.query();
    return request.path().length() + (query == null ? 0L : 1 + query.length());
  }

  private static long headerBytes(HttpHeaders headers) {
    long bytes = 0;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      if (!WRITTEN_BY_US.contains(field.getKey().toString().toLowerCase(Locale.ROOT))) {
        bytes += field.getKey().length() + field.getValue().length() + LINE_OVERHEAD;
      }
    }
    return bytes;
  }

  /** Lets so many bytes through and no more. The buffers pass as they are. */
  private static final class Counted implements SteppedBody.Step {
    private long left;

    Counted(long limit) {
      left = limit;
    }

    @Override
    public ByteBuf next(ByteBuf buffer) {
      left -= buffer.readableBytes();
      if (left < 0) {
        buffer.release();
        throw GatewayFailure.of(FailureReason.PAYLOAD_TOO_LARGE);
      }
      return buffer;
    }
  }
}
