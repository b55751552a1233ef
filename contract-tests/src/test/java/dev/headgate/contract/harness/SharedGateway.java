package dev.headgate.contract.harness;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One gateway for all tests of a class; a leaked buffer in its log fails the class. */
public final class SharedGateway implements BeforeAllCallback, AfterAllCallback {
  // Classes that share one may run in two JVMs at once, each with a gateway of its own.
  private static final String FORK = "-" + ProcessHandle.current().pid();

  private final ConfigRepo repo;
  private final List<String> arguments;
  private GatewayJvm jvm = GatewayJvm.usual();
  private @Nullable String name;
  private @Nullable GatewayProcess gateway;
  private boolean kept;

  private SharedGateway(ConfigRepo repo, List<String> arguments) {
    this.repo = repo;
    this.arguments = arguments;
  }

  public static SharedGateway over(ConfigRepo repo, String... arguments) {
    return new SharedGateway(repo, List.of(arguments));
  }

  /** The folder of its logs, where the class's name is taken. */
  public SharedGateway named(String folder) {
    name = folder;
    return this;
  }

  /** One for all classes that register it; it ends with the run. */
  public SharedGateway forTheRun() {
    kept = true;
    return this;
  }

  /** In a JVM of another kind than the usual one. */
  public SharedGateway in(GatewayJvm other) {
    jvm = other;
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (kept) {
      context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(this, shared -> started(context));
    } else {
      started(context);
    }
  }

  private AutoCloseable started(ExtensionContext context) {
    gateway =
        GatewayProcess.start(
            jvm,
            name == null ? context.getRequiredTestClass().getSimpleName() : name + FORK,
            repo,
            arguments.toArray(String[]::new));
    return this::end;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!kept) {
      end();
    }
  }

  private void end() {
    GatewayProcess running = gateway;
    if (running != null) {
      running.close();
      running.assertNoLeakLogged();
    }
  }

  public GatewayProcess process() {
    if (gateway == null) {
      throw new IllegalStateException("not started");
    }
    return gateway;
  }

  public int port() {
    return process().port();
  }

  public ConfigRepo repo() {
    return repo;
  }
}
