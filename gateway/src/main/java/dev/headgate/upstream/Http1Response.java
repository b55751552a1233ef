package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.handler.codec.PrematureChannelClosureException;
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
  private final @Nullable String upgrade;
  private final @Nullable String proof;
  private Part part = Part.HEAD;
  private boolean keepsAlive;

  private enum Part {
    HEAD,
    INTERIM,
    SWITCHING,
    BODY
  }

  /**
   * @param upgrade the protocol that was asked for, or null
   * @param proof the {@code Sec-WebSocket-Accept} that must come back, or null where it is not ours
   *     to check
   */
  Http1Response(
      Http1Connection connection,
      HttpMethod method,
      @Nullable String upgrade,
      @Nullable String proof) {
    this.connection = connection;
    this.method = method;
    this.upgrade = upgrade;
    this.proof = proof;
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
    }
  }

  private void switching(Attempt attempt, HttpHeaders headers) {
    part = Part.SWITCHING;
    if (upgrade == null
        || !WebSocketHandshake.switches(headers)
        || (proof != null && !proof.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT)))) {
      // Nobody asked for it, or not for this.
      attempt.failed(GatewayFailure.of(FailureReason.UPSTREAM_PROTOCOL_ERROR));
      return;
    }
    if (proof != null) {
      headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    }
    attempt.switched(headers);
  }

  private long length(HttpResponse response) {
    int code = response.status().code();
    if (method.equals(HttpMethod.HEAD) || code == 204 || code == 304) {
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
