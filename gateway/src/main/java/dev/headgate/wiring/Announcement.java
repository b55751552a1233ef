package dev.headgate.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Says where the ports are, once they are open. */
final class Announcement implements ApplicationListener<ApplicationReadyEvent> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate");

  private final Listeners listeners;

  Announcement(Listeners listeners) {
    this.listeners = listeners;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    for (Listeners.Bound socket : listeners.bound()) {
      if (socket.name().isEmpty()) {
        LOG.info("Headgate listening on {}", socket.url());
      } else {
        LOG.info("Listener {} on {}", socket.name(), socket.url());
      }
    }
    Environment environment = event.getApplicationContext().getEnvironment();
    String port = environment.getProperty("local.management.port");
    if (port != null) {
      LOG.info("Admin on {}", admin(environment, Integer.parseInt(port)));
    }
  }

  private static String admin(Environment environment, int port) {
    boolean tls = environment.getProperty("management.server.ssl.enabled", Boolean.class, false);
    return Urls.of(
        tls ? "https" : "http",
        address(environment.getProperty("management.server.address")),
        port);
  }

  private static InetAddress address(@Nullable String configured) {
    try {
      return InetAddress.getByName(configured == null ? "" : configured);
    } catch (UnknownHostException e) {
      // The port could not be open then.
      throw new IllegalStateException(e);
    }
  }
}
