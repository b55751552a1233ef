package dev.headgate.edge;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for all requests of a connection.
 *
 * @param remote the other end: the connection's, or what a PROXY header named as such
 * @param address the same as text (RFC 5952)
 * @param trusted whether it is a trusted proxy
 * @param scheme {@code https} where the connection is encrypted, else {@code http}
 * @param port our own
 * @param certificate the one the client has shown and we have checked, as a value of {@code
 *     Client-Cert} (RFC 9440 section 2.2); null where it showed none, or services are not to be
 *     told
 */
record Peer(
    InetSocketAddress remote,
    String address,
    boolean trusted,
    String scheme,
    String port,
    @Nullable String certificate) {
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
  static Peer of(Channel connection, TrustedProxies proxies, boolean certificates) {
    Named named = connection.attr(NAMED).get();
    InetSocketAddress remote =
        named == null ? (InetSocketAddress) connection.remoteAddress() : named.remote();
    InetAddress address = remote.getAddress();
    SslHandler tls = connection.pipeline().get(SslHandler.class);
    return new Peer(
        remote,
        AddressText.of(address),
        (named == null || !named.stranger()) && proxies.contains(address),
        tls == null ? "http" : "https",
        Integer.toString(((InetSocketAddress) connection.localAddress()).getPort()),
        tls == null || !certificates ? null : certificate(tls.engine().getSession()));
  }

  private static @Nullable String certificate(SSLSession session) {
    try {
      byte[] shown = session.getPeerCertificates()[0].getEncoded();
      return ":" + Base64.getEncoder().encodeToString(shown) + ":";
    } catch (SSLPeerUnverifiedException none) {
      return null;
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that has been decoded", e);
    }
  }
}
