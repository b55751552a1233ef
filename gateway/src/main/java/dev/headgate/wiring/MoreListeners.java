package dev.headgate.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;

/** The listeners beside the main port, opened and closed along with it. */
final class MoreListeners implements SmartLifecycle {
  private final Map<String, ListenerProperties> settings;
  private final AutowireCapableBeanFactory beans;
  private final ReactorResourceFactory resources;
  private final ObjectProvider<HttpHandler> handler;
  private final List<WebServer> servers = new ArrayList<>();

  MoreListeners(
      Map<String, ListenerProperties> settings,
      AutowireCapableBeanFactory beans,
      ReactorResourceFactory resources,
      ObjectProvider<HttpHandler> handler) {
    this.settings = settings;
    this.beans = beans;
    this.resources = resources;
    this.handler = handler;
  }

  /** The main server's own: after it where both start, and after the drain where both stop. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 1;
  }

  @Override
  public void start() {
    settings.forEach(
        (name, listener) -> {
          WebServer server = factory(name, listener).getWebServer(handler.getObject());
          server.start();
          servers.add(server);
        });
  }

  private ListenerFactory factory(String name, ListenerProperties listener) {
    ListenerFactory factory = new ListenerFactory(name, listener);
    factory.setResourceFactory(resources);
    // Boot's customizers, and then ours, come by way of a bean post-processor.
    return (ListenerFactory) beans.initializeBean(factory, "listener." + name);
  }

  @Override
  public void stop() {
    servers.forEach(WebServer::stop);
    servers.clear();
  }

  @Override
  public boolean isRunning() {
    return !servers.isEmpty();
  }
}
