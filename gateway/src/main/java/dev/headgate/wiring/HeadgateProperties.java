package dev.headgate.wiring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Process settings, {@code headgate.*}. Changing one takes a restart.
 *
 * @param configRepo the folder with {@code upstreams/} and {@code routes/}
 * @param stateDir where the last good set is kept; writable
 * @param trustedProxies CIDRs of the proxies whose request id, forwarding fields and trace context
 *     are believed; empty, loopback is not believed either
 */
@ConfigurationProperties("headgate")
public record HeadgateProperties(
    @DefaultValue("config-repo") Path configRepo,
    @DefaultValue(".state") Path stateDir,
    @DefaultValue List<String> trustedProxies,
    @DefaultValue Reload reload,
    @DefaultValue Shutdown shutdown,
    @DefaultValue AccessLog accessLog,
    @DefaultValue Http http) {

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
   * The gateway's port.
   *
   * @param keepAlive how long a connection may stay without a request; 75 s
   * @param maxRequestLine bytes of the request line; 8 KiB
   * @param maxHeaders bytes of the header section; 32 KiB
   */
  public record Http(
      @DefaultValue("75s") Duration keepAlive,
      @DefaultValue("8192") int maxRequestLine,
      @DefaultValue("32768") int maxHeaders) {}
}
