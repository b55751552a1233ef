package dev.headgate.testing;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What a chain gave: a response, a failure, or nothing yet. */
public final class Response {
  private final Disposable subscription;
  private @Nullable GatewayResponse response;
  private @Nullable Throwable error;

  private Response(Mono<GatewayResponse> chain) {
    subscription = chain.subscribe(given -> response = given, cause -> error = cause);
  }

  /** Runs a chain. */
  public static Response to(Mono<GatewayResponse> chain) {
    return new Response(chain);
  }

  /** A response without a body. */
  public static GatewayResponse of(int status) {
    return of(status, Body.EMPTY);
  }

  public static GatewayResponse of(int status, Body body) {
    return new GatewayResponse(HttpResponseStatus.valueOf(status), new DefaultHttpHeaders(), body);
  }

  public void cancel() {
    subscription.dispose();
  }

  /** Drops what was given, if anything was. */
  public void discard() {
    if (response != null) {
      response.discard();
    }
  }

  public boolean pending() {
    return response == null && error == null;
  }

  /** The status given. */
  public int status() {
    if (response == null) {
      throw new AssertionError("no response", error);
    }
    return response.status().code();
  }

  /** The fields that the failure given asks for. */
  public Map<String, String> headers() {
    if (error == null) {
      throw new AssertionError("no failure");
    }
    return GatewayFailure.from(error).headers();
  }

  /** The code of the failure given. */
  public String failure() {
    if (error == null) {
      throw new AssertionError("no failure");
    }
    return GatewayFailure.from(error).reason().name();
  }

  /** The body given, which must be here whole; released. */
  public String body() {
    if (response == null || !(response.body() instanceof FullBody full)) {
      throw new AssertionError("no whole body", error);
    }
    ByteBuf content = full.take();
    String text = content.toString(StandardCharsets.UTF_8);
    content.release();
    return text;
  }

  public HttpHeaders trailers() {
    if (response == null) {
      throw new AssertionError("no response", error);
    }
    return response.body().trailers();
  }
}
