package dev.headgate.telemetry.trace;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Trace;
import dev.headgate.exchange.Try;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of an exchange's trace while it runs; on its event loop. */
public final class ExchangeTrace implements Trace {
  private final Propagation propagation;
  private final LongSupplier ids;
  private final String traceId;
  private final long spanId;
  private final boolean sampled;
  private final @Nullable Remote parent;
  private final @Nullable Remote stranger;
  private GatewayExchange carrier;
  private @Nullable String template;
  private boolean reported;

  /**
   * @param ids gives span ids, none of them zero
   * @param sampled whether those behind are asked to keep their part
   * @param parent whose trace it is; null where it begins here
   * @param stranger whose trace it is not, though it said so
   */
  ExchangeTrace(
      Propagation propagation,
      LongSupplier ids,
      String traceId,
      boolean sampled,
      @Nullable Remote parent,
      @Nullable Remote stranger,
      GatewayExchange exchange) {
    this.propagation = propagation;
    this.ids = ids;
    this.traceId = traceId;
    this.spanId = ids.getAsLong();
    this.sampled = sampled;
    this.parent = parent;
    this.stranger = stranger;
    this.carrier = exchange;
  }

  @Override
  public String traceId() {
    return traceId;
  }

  @Override
  public void tell(Try one, BiConsumer<CharSequence, String> fields) {
    if (one.spanId() == 0) {
      one.spanId(ids.getAsLong());
    }
    propagation.tell(this, one.spanId(), fields);
  }

  /** Tells a service that is asked by somebody else, as a child of the exchange's own span. */
  void tellDirectly(BiConsumer<CharSequence, String> fields) {
    propagation.tell(this, spanId, fields);
  }

  /** 16 lower-case hexadecimal digits: the exchange's own span. */
  public String spanIdText() {
    return HexText.of(spanId);
  }

  /** Whether its spans were handed on to be sent; known when the exchange is over. */
  public boolean reported() {
    return reported;
  }

  void markReported() {
    reported = true;
  }

  /**
   * The exchange that asks the service, and by which route; of a chain that is mounted on a stock
   * route it is another than the one that the client began.
   *
   * @param path the route's path as the config writes it; null where no route matched
   */
  void carriedBy(GatewayExchange exchange, @Nullable String path) {
    carrier = exchange;
    if (path != null) {
      template = path;
    }
  }

  GatewayExchange carrier() {
    return carrier;
  }

  @Nullable String template() {
    return template;
  }

  boolean sampled() {
    return sampled;
  }

  boolean random() {
    return parent == null || parent.random();
  }

  @Nullable String state() {
    return parent == null ? null : parent.state();
  }

  @Nullable Remote parent() {
    return parent;
  }

  @Nullable Remote stranger() {
    return stranger;
  }

  long spanId() {
    return spanId;
  }
}
