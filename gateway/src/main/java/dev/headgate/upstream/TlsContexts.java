package dev.headgate.upstream;

import dev.headgate.config.UpstreamTlsConfig;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of upstream connections: one for each bundle and protocol, made when it is first
 * used and again when the bundle's material has changed.
 */
public final class TlsContexts {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  // What Java takes for SNI: LDH labels. Container networks know names beyond that.
  private static final Pattern DNS_NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

  private final Function<String, TlsMaterial> bundles;
  private final Map<Kind, SslContext> contexts = new ConcurrentHashMap<>();

  private record Kind(@Nullable String bundle, boolean http2) {}

  /**
   * @param bundles the material by the bundle's name; throws an unchecked exception for a name that
   *     it does not know, or material that cannot be read
   */
  public TlsContexts(Function<String, TlsMaterial> bundles) {
    this.bundles = bundles;
  }

  /** The bundle's material has changed; connections that stand are not touched. */
  void changed(String bundle) {
    contexts.keySet().removeIf(kind -> bundle.equals(kind.bundle()));
  }

  /**
   * A handler for one connection.
   *
   * @param http2 whether ALPN offers h2, and nothing else
   * @throws SSLException when the bundle cannot be used
   */
  SslHandler handler(
      UpstreamTlsConfig tls, boolean http2, String host, int port, ByteBufAllocator alloc)
      throws SSLException {
    String name = tls.serverName() == null ? host : tls.serverName();
    SslHandler handler = context(tls.bundle(), http2).newHandler(alloc, name, port);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(tls.verifyHostname() ? "HTTPS" : "");
    if (takesSni(name)) {
      // By itself the JDK sends none for a name without a dot.
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    handler.engine().setSSLParameters(parameters);
    return handler;
  }

  private static boolean takesSni(String name) {
    return !NetUtil.isValidIpV4Address(name)
        && !NetUtil.isValidIpV6Address(name)
        && DNS_NAME.matcher(name).matches();
  }

  private SslContext context(@Nullable String bundle, boolean http2) throws SSLException {
    Kind kind = new Kind(bundle, http2);
    SslContext known = contexts.get(kind);
    if (known != null) {
      return known;
    }
    SslContext made = make(kind);
    SslContext first = contexts.putIfAbsent(kind, made);
    return first == null ? made : first;
  }

  private SslContext make(Kind kind) throws SSLException {
    TlsMaterial material = material(kind.bundle());
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .protocols(material.protocols().isEmpty() ? PROTOCOLS : material.protocols());
    if (material.keys() != null) {
      builder.keyManager(material.keys());
    }
    if (material.trust() != null) {
      builder.trustManager(material.trust());
    }
    if (!material.ciphers().isEmpty()) {
      builder.ciphers(material.ciphers());
    }
    if (kind.http2()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              ApplicationProtocolNames.HTTP_2));
    }
    return builder.build();
  }

  private TlsMaterial material(@Nullable String bundle) throws SSLException {
    if (bundle == null) {
      return TlsMaterial.OF_THE_JVM;
    }
    try {
      return bundles.apply(bundle);
    } catch (RuntimeException e) {
      throw new SSLException("SSL bundle " + bundle + " cannot be used", e);
    }
  }
}
