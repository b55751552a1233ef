package dev.headgate.upstream;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import org.jspecify.annotations.Nullable;

/**
 * Reads one response off a stream, interim ones before it included. Each method says whether what
 * came was well formed (RFC 9113 section 8.1); what is not is never passed on as a whole response.
 */
final class Http2Response {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final boolean toHead;
  private final boolean tunnelAsked;
  private final @Nullable String key;
  private boolean begun;
  private boolean tunnel;
  private boolean noContent;
  private long declared = -1;
  private long received;

  Http2Response(RequestHead request) {
    this.toHead = request.method().equals(HttpMethod.HEAD) && request.upgrade() == null;
    this.tunnelAsked = request.upgrade() != null;
    this.key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
  }

  /** Whether the final head has come. */
  boolean begun() {
    return begun;
  }

  boolean headers(Attempt attempt, Http2HeadersFrame frame) {
    return begun ? trailers(attempt, frame) : head(attempt, frame);
  }

  private boolean head(Attempt attempt, Http2HeadersFrame frame) {
    Http2ResponseHead head = Http2ResponseHead.of(frame.headers());
    if (head == null) {
      return false;
    }
    if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      // Not of HTTP/2, whose way is CONNECT (RFC 9113 section 8.6).
      if (head.status().code() == SWITCHING_PROTOCOLS || frame.isEndStream()) {
        return false;
      }
      attempt.interim(head.status(), head.headers());
      return true;
    }
    begun = true;
    if (tunnelAsked && head.status().codeClass() == HttpStatusClass.SUCCESS) {
      switched(attempt, head.headers());
    } else {
      plain(attempt, head);
    }
    return !frame.isEndStream() || ended(attempt, EmptyHttpHeaders.INSTANCE);
  }

  private void switched(Attempt attempt, HttpHeaders headers) {
    tunnel = true;
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    headers.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    if (key != null) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, WebSocketHandshake.accept(key));
    }
    attempt.switched(headers);
  }

  private void plain(Attempt attempt, Http2ResponseHead head) {
    int code = head.status().code();
    noContent = toHead || code == 204 || code == 205 || code == 304;
    declared = noContent ? 0 : head.length();
    attempt.head(head.status(), head.headers(), declared);
  }

  private boolean trailers(Attempt attempt, Http2HeadersFrame frame) {
    HttpHeaders trailers = Http2ResponseHead.trailers(frame.headers());
    return trailers != null && frame.isEndStream() && ended(attempt, trailers);
  }

  boolean data(Attempt attempt, Http2DataFrame frame) {
    received += frame.content().readableBytes();
    boolean last = frame.isEndStream();
    if (!begun || (!tunnel && declared >= 0 && received > declared)) {
      frame.release();
      return false;
    }
    // A frame is released with its content.
    attempt.content(frame.content());
    return !last || ended(attempt, EmptyHttpHeaders.INSTANCE);
  }

  private boolean ended(Attempt attempt, HttpHeaders trailers) {
    if (!tunnel && declared >= 0 && received != declared) {
      return false;
    }
    attempt.complete(trailers);
    return true;
  }
}
