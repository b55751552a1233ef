package dev.headgate.policy.cache;

import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.Bytes;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** One request, and what it gets: at most one answer or failure. */
final class Client implements CoreSubscriber<GatewayResponse> {
  final GatewayExchange exchange;
  private final Bytes reader = new Bytes();
  private @Nullable Subscription subscription;
  private @Nullable GatewayResponse response;
  private @Nullable Throwable error;
  private boolean reading;

  Client(GatewayExchange exchange) {
    this.exchange = exchange;
  }

  Client ask(Mono<GatewayResponse> chain) {
    chain.subscribe(this);
    return this;
  }

  /** Goes away before there is an answer. */
  void leave() {
    if (subscription == null) {
      throw new AssertionError("nothing was asked");
    }
    subscription.cancel();
    exchange.ended();
  }

  boolean pending() {
    return response == null && error == null;
  }

  GatewayResponse response() {
    if (response == null) {
      throw new AssertionError("no response", error);
    }
    return response;
  }

  int status() {
    return response().status().code();
  }

  String failure() {
    if (error == null) {
      throw new AssertionError("no failure");
    }
    return GatewayFailure.from(error).reason().name();
  }

  /** Reads on, as far as its loop has it. */
  Bytes read() {
    if (!reading) {
      reading = true;
      response().body().subscribe(reader);
      reader.request(Long.MAX_VALUE);
    }
    return reader;
  }

  /** The content that has come; all of it where it has ended. */
  String text() {
    return String.join("", read().pieces());
  }

  String told() {
    ExchangeRecord.Cached cached = exchange.record().cached();
    return cached == null ? "" : cached.status().replace("Headgate; ", "");
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(GatewayResponse given) {
    if (!pending()) {
      throw new AssertionError("a second answer");
    }
    response = given;
  }

  @Override
  public void onError(Throwable cause) {
    if (!pending()) {
      throw new AssertionError("a second end", cause);
    }
    error = cause;
  }

  @Override
  public void onComplete() {}
}
