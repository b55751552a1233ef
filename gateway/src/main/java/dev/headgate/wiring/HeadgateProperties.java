package dev.headgate.wiring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Process settings, {@code headgate.*}. Changing one takes a restart.
 *
 * @param configRepo the folder with {@code upstreams/} and {@code routes/}
 * @param stateDir where the last good set is kept; writable
 * @param trustedProxies CIDRs of the proxies whose request id, forwarding fields and trace context
 *     are believed; empty, loopback is not believed either
 * @param log the application's log
 * @param tracing the gateway's part in traces
 * @param store where idempotency keys are kept
 * @param cache where routes' answers are kept
 * @param listeners more ports beside the main one, by name
 */
@ConfigurationProperties("headgate")
public record HeadgateProperties(
    @DefaultValue("config-repo") Path configRepo,
    @DefaultValue(".state") Path stateDir,
    @DefaultValue List<String> trustedProxies,
    @DefaultValue Reload reload,
    @DefaultValue Shutdown shutdown,
    @DefaultValue AccessLog accessLog,
    @DefaultValue Http http,
    @DefaultValue Overload overload,
    @DefaultValue Log log,
    @DefaultValue TracingProperties tracing,
    @DefaultValue StoreProperties store,
    @DefaultValue CacheProperties cache,
    @DefaultValue Map<String, ListenerProperties> listeners) {

  /**
   * Hot reload.
   *
   * @param debounce how long the folder must be quiet before a change is taken; 250 ms
   * @param poll how often the folder is looked at without being told; 10 s
   */
  public record Reload(
      @DefaultValue("250ms") Duration debounce, @DefaultValue("10s") Duration poll) {}

  /**
   * Going down.
   *
   * @param delay from readiness going down to the listener closing, for the balancer in front; 0 s
   * @param timeout how long requests in flight may take after that; 30 s
   */
  public record Shutdown(
      @DefaultValue("0s") Duration delay, @DefaultValue("30s") Duration timeout) {}

  /**
   * The access log.
   *
   * @param enabled whether there is one
   * @param file where it goes; standard output unless given
   * @param queue lines that may wait for the writer before they are dropped; 8,192
   */
  public record AccessLog(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("") String file,
      @DefaultValue("8192") int queue) {}

  /**
   * The application's log, on standard error.
   *
   * @param format {@code text} for people, {@code json} for collectors; text
   */
  public record Log(@DefaultValue("text") Format format) {
    /** How a line of it is written; the log itself reads the setting, before there are beans. */
    public enum Format {
      TEXT,
      JSON
    }
  }

  /**
   * Clients' connections. Where a limit is a number, 0 is none.
   *
   * @param keepAlive how long a connection may stay without a request; 75 s
   * @param headerTimeout from a connection's beginning, or a request's first byte, to the end of
   *     the head; 15 s
   * @param tlsHandshakeTimeout from a connection's beginning to the handshake's end; 10 s
   * @param proxyProtocol whether connections to the main port begin with a PROXY header; off
   * @param proxyProtocolTimeout from a connection's beginning to that header's end; 5 s
   * @param forwardClientCertificate whether services get the certificate that a client has shown,
   *     in {@code Client-Cert} (RFC 9440); off
   * @param maxRequestLine bytes of the request line; 8 KiB
   * @param maxHeaders bytes of the header section; 32 KiB
   * @param maxHeaderCount fields of the header section; 100
   * @param maxConnections all clients together; unless given half of the files that the process may
   *     open, at most 50,000
   * @param maxConnectionsPerClient from one address, or one /64 of IPv6; no limit
   * @param maxRequestsPerConnection after which a connection is closed; no limit
   */
  public record Http(
      @DefaultValue("75s") Duration keepAlive,
      @DefaultValue("15s") Duration headerTimeout,
      @DefaultValue("10s") Duration tlsHandshakeTimeout,
      @DefaultValue("off") ProxyProtocol proxyProtocol,
      @DefaultValue("5s") Duration proxyProtocolTimeout,
      @DefaultValue("false") boolean forwardClientCertificate,
      @DefaultValue("8192") int maxRequestLine,
      @DefaultValue("32768") int maxHeaders,
      @DefaultValue("100") int maxHeaderCount,
      @Nullable Integer maxConnections,
      @DefaultValue("0") int maxConnectionsPerClient,
      @DefaultValue("0") int maxRequestsPerConnection) {

    public Http {
      atLeast(1, "max-request-line", maxRequestLine);
      atLeast(1, "max-headers", maxHeaders);
      atLeast(1, "max-header-count", maxHeaderCount);
      atLeast(0, "max-connections", maxConnections == null ? 0 : maxConnections);
      atLeast(0, "max-connections-per-client", maxConnectionsPerClient);
      atLeast(0, "max-requests-per-connection", maxRequestsPerConnection);
      positive("keep-alive", keepAlive);
      positive("header-timeout", headerTimeout);
      positive("tls-handshake-timeout", tlsHandshakeTimeout);
      positive("proxy-protocol-timeout", proxyProtocolTimeout);
    }

    private static void positive(String key, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(
            "headgate.http.%s: %s (expected: more than nothing)".formatted(key, value));
      }
    }

    private static void atLeast(int least, String key, int value) {
      if (value < least) {
        throw new IllegalArgumentException(
            "headgate.http.%s: %d (expected: %d or more)".formatted(key, value, least));
      }
    }
  }

  /**
   * When new requests are refused with 503 so that those in flight get through.
   *
   * @param maxInFlight requests in flight, 0 for no limit; unless given as many as there may be
   *     connections
   * @param maxDirectMemory in use, as a share of what the process may use; 85%
   */
  public record Overload(
      @Nullable Integer maxInFlight, @DefaultValue("85%") String maxDirectMemory) {

    public Overload {
      if (maxInFlight != null && maxInFlight < 0) {
        throw new IllegalArgumentException(
            "headgate.overload.max-in-flight: %d (expected: 0 or more)".formatted(maxInFlight));
      }
      percent(maxDirectMemory);
    }

    /** 1 to 100. */
    int maxDirectMemoryPercent() {
      return percent(maxDirectMemory);
    }

    private static int percent(String text) {
      if (text.matches("[1-9][0-9]?%|100%")) {
        return Integer.parseInt(text.substring(0, text.length() - 1));
      }
      throw new IllegalArgumentException(
          "headgate.overload.max-direct-memory: \"%s\" (expected: 1%%..100%%)".formatted(text));
    }
  }
}
