package dev.headgate.edge;

import dev.headgate.exchange.GatewayResponse;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;

/**
 * The client's side of one exchange, whatever version of HTTP it speaks: an HTTP/1.1 connection for
 * the time of one response, or an HTTP/2 stream. Called on the exchange's event loop only.
 *
 * <p>A response is {@link #whole}; or {@link #head}, any number of {@link #data} and one {@link
 * #last}; or {@link #tunnel}, {@link #data} and {@link #last}. It ends early with {@link #cut}.
 * Buffers belong to the stream from the call on. The headers of a response are the stream's to
 * change: how a message is framed is the connection's own affair.
 */
interface ClientStream {
  /** An interim response, 100 to 199 but not 101; dropped where the client knows none. */
  void interim(HttpResponseStatus status, HttpHeaders headers);

  /**
   * A response that is here whole.
   *
   * @param mayHaveContent false for the answers that never have any; the buffer is empty then
   * @return done when it has left
   */
  Future<?> whole(GatewayResponse response, ByteBuf content, boolean mayHaveContent);

  /** A head whose body follows. */
  void head(GatewayResponse response);

  /** The service has agreed to switch protocols: what follows is not HTTP. */
  void tunnel(GatewayResponse response);

  void data(ByteBuf content);

  /**
   * The end of the body, or of the tunnel's direction to the client.
   *
   * @param trailers empty where there are none; dropped where the framing has no place for them
   * @return done when it has left
   */
  Future<?> last(HttpHeaders trailers);

  /** All of the response has been handed over, and whoever waits behind it may go on. */
  void finished();

  /** Ends the response so that it cannot be taken for a whole one. */
  void cut();

  /** What is left of the request will not be waited for: nobody knows when it comes. */
  void requestAbandoned();

  /** Whether the client takes what it is sent, or it piles up. */
  boolean writable();

  /** Bytes handed over that have not left. */
  long unsent();
}
