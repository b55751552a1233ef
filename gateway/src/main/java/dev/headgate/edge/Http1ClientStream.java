package dev.headgate.edge;

import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One response on an HTTP/1.1 connection: its framing (RFC 9112 section 6), and whether the
 * connection outlives it.
 */
final class Http1ClientStream implements ClientStream {
  private final ChannelHandlerContext ctx;
  private final HttpMethod method;
  // Ours, whatever newer minor version the client speaks (RFC 9110 section 2.5).
  private final HttpVersion version;
  private final Connection connection;
  private @Nullable ResponseFraming framing;
  private boolean readable = true;
  private boolean keepAlive;
  private boolean tunnel;

  /** The connection's side of it. */
  interface Connection {
    /** Whether the connection may carry on after the response that is about to be written. */
    boolean mayKeepAlive();

    /** All of the response has been handed to the connection. */
    void responseWritten(boolean keepAlive);

    /** The head of a 101 has been written: from here on the connection does not speak HTTP. */
    void switchProtocols();
  }

  Http1ClientStream(ChannelHandlerContext ctx, HttpRequest head, Connection connection) {
    this.ctx = ctx;
    this.method = head.method();
    this.version =
        head.protocolVersion().minorVersion() == 0 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    this.connection = connection;
    this.readable = !head.decoderResult().isFailure();
  }

  @Override
  public void interim(HttpResponseStatus status, HttpHeaders headers) {
    // An HTTP/1.0 client does not know them (RFC 9110 section 15.2).
    if (version.equals(HttpVersion.HTTP_1_1)) {
      ctx.writeAndFlush(full(status, headers, Unpooled.EMPTY_BUFFER), ctx.voidPromise());
    }
  }

  @Override
  public Future<?> whole(GatewayResponse response, ByteBuf content, boolean mayHaveContent) {
    frame(response);
    return ctx.writeAndFlush(full(response.status(), response.headers(), content));
  }

  @Override
  public void head(GatewayResponse response) {
    frame(response);
    ctx.writeAndFlush(
        new DefaultHttpResponse(version, response.status(), response.headers()), ctx.voidPromise());
  }

  private void frame(GatewayResponse response) {
    ResponseFraming chosen = ResponseFraming.of(method, version, response);
    keepAlive = chosen != ResponseFraming.CLOSE && readable && connection.mayKeepAlive();
    chosen.apply(response, version, keepAlive);
    framing = chosen;
  }

  private DefaultFullHttpResponse full(
      HttpResponseStatus status, HttpHeaders headers, ByteBuf content) {
    return new DefaultFullHttpResponse(
        version, status, content, headers, EmptyHttpHeaders.INSTANCE);
  }

  @Override
  public void tunnel(GatewayResponse response) {
    tunnel = true;
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    ctx.writeAndFlush(full(response.status(), headers, Unpooled.EMPTY_BUFFER), ctx.voidPromise());
    connection.switchProtocols();
  }

  @Override
  public void data(ByteBuf content) {
    ctx.writeAndFlush(tunnel ? content : new DefaultHttpContent(content), ctx.voidPromise());
  }

  @Override
  public Future<?> last(HttpHeaders trailers) {
    return ctx.writeAndFlush(tunnel ? Unpooled.EMPTY_BUFFER : lastContent(trailers));
  }

  // A trailer section exists in chunked framing only (RFC 9112 section 7.1.2).
  private LastHttpContent lastContent(HttpHeaders trailers) {
    if (trailers.isEmpty() || framing != ResponseFraming.CHUNKED) {
      return LastHttpContent.EMPTY_LAST_CONTENT;
    }
    LastHttpContent last = new DefaultLastHttpContent();
    last.trailingHeaders().add(trailers);
    return last;
  }

  @Override
  public void finished() {
    connection.responseWritten(keepAlive);
  }

  @Override
  public void cut() {
    LingeringClose.cut(ctx, framing == ResponseFraming.CLOSE || tunnel);
  }

  @Override
  public void requestAbandoned() {
    readable = false;
  }

  @Override
  public boolean writable() {
    return ctx.channel().isWritable();
  }

  @Override
  public long unsent() {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }
}
