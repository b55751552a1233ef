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
 * The TLS contexts of upstream connections: one for each bundle and protocol, made when a set of
 * routes names the bundle and again when the bundle's material has changed, never on an event loop.
 */
public final class TlsContexts {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  // What Java takes for SNI: LDH labels. Container networks know names beyond that.
  private static final Pattern DNS_NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

  private final Function<String, TlsMaterial> bundles;
  private final Map<Kind, SslContext> contexts = new ConcurrentHashMap<>();

  private record Kind(@Nullable String bundle, boolean http2) {}

  /**
   * Makes the contexts that need no bundle: reading the JVM's trust store is nothing for an event
   * loop.
   *
   * @param bundles the material by the bundle's name; throws an unchecked exception for a name that
   *     it does not know, or material that cannot be read
   */
  public TlsContexts(Function<String, TlsMaterial> bundles) {
    this.bundles = bundles;
    try {
      load(null);
    } catch (SSLException e) {
      throw new IllegalStateException("a JVM without TLS", e);
    }
  }

  /**
   * Makes a bundle's contexts, where that has not been done; reads files.
   *
   * @return why the bundle cannot be used, or null where it can
   */
  @Nullable String problemWith(String bundle) {
    try {
      if (!contexts.containsKey(new Kind(bundle, true))) {
        load(bundle);
      }
      return null;
    } catch (SSLException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return String.valueOf(cause.getMessage());
    }
  }

  /**
   * Makes a bundle's contexts anew, since its material has changed; reads files. Connections that
   * stand are not touched.
   *
   * @throws SSLException when the new material cannot be used; the old stays in use
   */
  void reload(String bundle) throws SSLException {
    if (contexts.containsKey(new Kind(bundle, true))) {
      load(bundle);
    }
  }

  private void load(@Nullable String bundle) throws SSLException {
    TlsMaterial material = material(bundle);
    SslContext http1 = make(material, false);
    SslContext http2 = make(material, true);
    contexts.put(new Kind(bundle, false), http1);
    contexts.put(new Kind(bundle, true), http2);
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
    SslContext known = contexts.get(new Kind(bundle, http2));
    if (known == null) {
      throw new SSLException("SSL bundle " + bundle + " was never loaded");
    }
    return known;
  }

  private static SslContext make(TlsMaterial material, boolean http2) throws SSLException {
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
    if (http2) {
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
