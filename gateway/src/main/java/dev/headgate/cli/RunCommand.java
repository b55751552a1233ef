package dev.headgate.cli;

import dev.headgate.wiring.HeadgateApplication;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;

/** {@code run}: the gateway itself. */
final class RunCommand {
  private static final String CONFIG_REPO = "--headgate.config-repo=";
  private static final String CONFIG_REPO_VARIABLE = "HEADGATE_CONFIG_REPO";
  private static final String DEFAULT_REPO = "config-repo";
  private static final String LOOPS = "reactor.netty.ioWorkerCount";

  private RunCommand() {}

  static void run(List<String> arguments) {
    if (System.getProperty(LOOPS) == null) {
      // Reactor Netty's own minimum is four, which on one core is three too many.
      System.setProperty(LOOPS, String.valueOf(Runtime.getRuntime().availableProcessors()));
    }
    SpringApplication application = new SpringApplication(HeadgateApplication.class);
    application.setLogStartupInfo(false);
    application.run(withProcessSettings(arguments).toArray(new String[0]));
  }

  /** Spring's own arguments that make {@code gateway.yml} of the config repo its configuration. */
  static List<String> withProcessSettings(List<String> arguments) {
    String repo =
        arguments.stream()
            .filter(argument -> argument.startsWith(CONFIG_REPO))
            .map(argument -> argument.substring(CONFIG_REPO.length()))
            .findFirst()
            .orElseGet(() -> System.getenv().getOrDefault(CONFIG_REPO_VARIABLE, DEFAULT_REPO));
    List<String> all = new ArrayList<>();
    all.add("--spring.config.name=application,gateway");
    all.add("--spring.config.additional-location=optional:file:" + repo + "/");
    all.addAll(arguments);
    return all;
  }
}
