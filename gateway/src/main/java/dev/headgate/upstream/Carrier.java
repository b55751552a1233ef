package dev.headgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What carries one attempt: an HTTP/1.1 connection, or one stream of an HTTP/2 connection. It sends
 * what it is told and tells the {@link Attempt} what comes back; nothing comes unless a {@link
 * #read()} asks for it. On its event loop only.
 */
interface Carrier {
  /** What the service speaks, as {@code Via} has it. */
  String protocol();

  /**
   * Sends a request that is here whole.
   *
   * @param content the carrier's from here on; empty for none
   */
  void sendWhole(RequestHead head, ByteBuf content, HttpHeaders trailers);

  /** Sends a head whose body follows, or that asks for an upgrade. */
  void sendHead(RequestHead head);

  /** Sends a piece of the body, or of the tunnel; the carrier's from here on. */
  void send(ByteBuf bytes);

  /** Ends the request, or our direction of the tunnel. */
  void sendEnd(HttpHeaders trailers);

  /** Whether the service takes more now; else {@link Attempt#writable()} tells when. */
  boolean writable();

  /** Bytes handed over that have not left yet. */
  long unsent();

  void read();

  /** Both messages, or both directions of the tunnel, have passed whole. */
  void finish();

  /** The attempt is over and did not pass whole: nothing sent may look complete. */
  void abandon();
}
