package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Reads one response off an HTTP/1.1 connection, interim ones before it included. */
final class Http1Response {
  private final Http1Connection connection;
  private final HttpMethod method;
  private final @Nullable Handshake handshake;
  private Part part = Part.HEAD;
  private boolean keepsAlive;

  private enum Part {
    HEAD,
    INTERIM,
    SWITCHING,
    BODY
  }

  /**
   * An upgrade that was asked for.
   *
   * @param request its fields as they were sent
   * @param ownKey whether the key in them is not the client's
   */
  record Handshake(HttpHeaders request, boolean ownKey) {}

  /**
   * @param handshake the upgrade that was asked for, or null
   */
  Http1Response(Http1Connection connection, HttpMethod method, @Nullable Handshake handshake) {
    this.connection = connection;
    this.method = method;
    this.handshake = handshake;
  }

  /** Whether the connection may go on after it. */
  boolean keepsAlive() {
    return keepsAlive;
  }

  void received(Attempt attempt, Object message) {
    if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      undecodable(attempt, object.decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse response) {
      head(attempt, response);
    }
    if (message instanceof HttpContent content) {
      content(attempt, content);
    }
  }

  private static void undecodable(Attempt attempt, Throwable cause) {
    // A head cut short is not malformed: the closing of the connection is about to be told.
    if (!(cause instanceof PrematureChannelClosureException)) {
      attempt.failed(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR, cause));
    }
  }

  private void head(Attempt attempt, HttpResponse response) {
    HttpResponseStatus status = response.status();
    if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      switching(attempt, response.headers());
    } else if (status.codeClass() == HttpStatusClass.INFORMATIONAL) {
      part = Part.INTERIM;
      attempt.interim(status, response.headers());
    } else {
      part = Part.BODY;
      keepsAlive = HttpUtil.isKeepAlive(response);
      attempt.head(status, response.headers(), length(response));
      if (status.equals(HttpResponseStatus.RESET_CONTENT)) {
        withoutContent(attempt, response);
      }
    }
  }

  // It has none (RFC 9110 section 15.3.6), but its framing may say otherwise, or nothing: whatever
  // comes is not waited for.
  private void withoutContent(Attempt attempt, HttpResponse response) {
    if (HttpUtil.getContentLength(response, -1L) != 0) {
      keepsAlive = false;
      attempt.complete(EmptyHttpHeaders.INSTANCE);
    }
  }

  private void switching(Attempt attempt, HttpHeaders headers) {
    part = Part.SWITCHING;
    if (handshake == null || !WebSocketHandshake.agreed(handshake.request(), headers)) {
      // Nobody asked for it, or not for this.
      attempt.failed(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
      return;
    }
    if (handshake.ownKey()) {
      headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    }
    attempt.switched(headers);
  }

  private long length(HttpResponse response) {
    int code = response.status().code();
    if (method.equals(HttpMethod.HEAD) || code == 204 || code == 205 || code == 304) {
      return 0;
    }
    return HttpUtil.isTransferEncodingChunked(response)
        ? -1
        : HttpUtil.getContentLength(response, -1L);
  }

  private void content(Attempt attempt, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (part == Part.BODY) {
      attempt.content(content.content());
      if (last) {
        attempt.complete(((LastHttpContent) content).trailingHeaders());
      }
      return;
    }
    content.release();
    if (last && part == Part.SWITCHING) {
      connection.switched();
    } else if (last) {
      part = Part.HEAD;
    }
  }
}
