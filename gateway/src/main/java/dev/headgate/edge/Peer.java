package dev.headgate.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What is the same for all requests of a connection.
 *
 * @param remote the other end: the connection's, or what a PROXY header named as such
 * @param address the same as text (RFC 5952)
 * @param trusted whether it is a trusted proxy
 * @param scheme {@code https} where the connection is encrypted, else {@code http}
 * @param port our own
 */
record Peer(InetSocketAddress remote, String address, boolean trusted, String scheme, String port) {
  /** Set where a PROXY header has said who is at the other end. */
  static final AttributeKey<Named> NAMED = AttributeKey.valueOf("headgate.peer");

  /**
   * What a PROXY header said.
   *
   * @param stranger whether it is never to be trusted, whatever its address
   */
  record Named(InetSocketAddress remote, boolean stranger) {}

  /**
   * The peer of a connection; of an HTTP/2 stream's, its connection.
   *
   * <p>Not before a PROXY header, if there is to be one, and the TLS handshake are over.
   */
  static Peer of(Channel connection, TrustedProxies proxies) {
    Named named = connection.attr(NAMED).get();
    InetSocketAddress remote =
        named == null ? (InetSocketAddress) connection.remoteAddress() : named.remote();
    InetAddress address = remote.getAddress();
    return new Peer(
        remote,
        AddressText.of(address),
        (named == null || !named.stranger()) && proxies.contains(address),
        encrypted(connection.pipeline()) ? "https" : "http",
        Integer.toString(((InetSocketAddress) connection.localAddress()).getPort()));
  }

  private static boolean encrypted(ChannelPipeline pipeline) {
    return pipeline.get(SslHandler.class) != null;
  }
}
