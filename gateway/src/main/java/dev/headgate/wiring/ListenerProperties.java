package dev.headgate.wiring;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.web.server.Ssl;

/**
 * One more port for clients, {@code headgate.listeners.NAME.*}.
 *
 * @param port 0 for any that is free
 * @param address where it listens; everywhere unless given
 * @param ssl as {@code server.ssl.*}: {@code bundle}, {@code server-name-bundles}, {@code
 *     client-auth}; plain unless given
 * @param http2 whether HTTP/2 is spoken; as on the main port unless given
 * @param proxyProtocol whether connections begin with a PROXY header; off
 * @param redirectToHttps a port: nothing is routed here, everybody is sent there, to the same URL
 *     under TLS
 */
record ListenerProperties(
    @Nullable Integer port,
    @Nullable InetAddress address,
    @Nullable Ssl ssl,
    @Nullable Boolean http2,
    @DefaultValue("off") ProxyProtocol proxyProtocol,
    @Nullable Integer redirectToHttps) {

  private static final int MAX_PORT = 65_535;

  ListenerProperties {
    if (port == null || port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: %s (expected: 0..65535)".formatted(port));
    }
    if (redirectToHttps != null && (redirectToHttps < 1 || redirectToHttps > MAX_PORT)) {
      throw new IllegalArgumentException(
          "redirect-to-https: %s (expected: 1..65535)".formatted(redirectToHttps));
    }
  }
}
