package dev.headgate.wiring;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/** Says where the ports are, once they are open. */
final class Announcement implements ApplicationListener<ApplicationReadyEvent> {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate");

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    Environment environment = event.getApplicationContext().getEnvironment();
    say("Headgate listening on", environment, "server.address", "local.server.port");
    say("Admin on", environment, "management.server.address", "local.management.port");
  }

  private static void say(String what, Environment environment, String address, String port) {
    String bound = environment.getProperty(port);
    if (bound != null) {
      LOG.info("{} http://{}:{}", what, shown(environment.getProperty(address)), bound);
    }
  }

  private static String shown(@Nullable String address) {
    if (address == null || address.isEmpty() || address.equals("0.0.0.0") || address.equals("::")) {
      return "127.0.0.1";
    }
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }
}
