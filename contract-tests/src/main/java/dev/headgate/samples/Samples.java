package dev.headgate.samples;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All sample services, on loopback. */
public final class Samples implements AutoCloseable {
  /** Where the samples listen. */
  static final String HOST = "127.0.0.1";

  /** A sample service, and the port that {@code config-repo/upstreams} knows it by. */
  public enum Service {
    USERS_V1(9101),
    USERS_V2(9102),
    ORDERS_V1(9103),
    ORDERS_V2(9104),
    FLAKY(9105),
    SLOW(9106),
    ECHO(9107);

    private final int port;

    Service(int port) {
      this.port = port;
    }

    public int port() {
      return port;
    }
  }

  private final Map<Service, Integer> ports = new EnumMap<>(Service.class);
  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "sample");
            thread.setDaemon(true);
            return thread;
          });
  private final FlakyService flaky;

  private Samples(boolean fixedPorts) throws IOException {
    serve(Service.USERS_V1, fixedPorts, "/users", users("users-v1", Shop.USERS_V1));
    serve(Service.USERS_V2, fixedPorts, "/users", users("users-v2", Shop.USERS_V2));
    serve(Service.ORDERS_V1, fixedPorts, "/orders", orders("orders-v1", Shop.ORDERS_V1));
    serve(Service.ORDERS_V2, fixedPorts, "/orders", orders("orders-v2", Shop.ORDERS_V2));
    serve(Service.SLOW, fixedPorts, "/slow", new SlowHandler());
    serve(Service.ECHO, fixedPorts, "/", new EchoHandler());
    flaky = new FlakyService(fixedPorts ? Service.FLAKY.port() : 0);
    ports.put(Service.FLAKY, flaky.port());
  }

  /** On the ports of {@link Service#port()}. */
  public static Samples startOnFixedPorts() throws IOException {
    return new Samples(true);
  }

  /** On ports of the system's choice, for tests. */
  public static Samples startOnFreePorts() throws IOException {
    return new Samples(false);
  }

  /** The port on which {@code service} listens. */
  public int port(Service service) {
    return ports.getOrDefault(service, 0);
  }

  /** Base URL of {@code service}, without a slash at its end. */
  public String url(Service service) {
    return "http://" + HOST + ":" + port(service);
  }

  private static HttpHandler users(String name, List<Map<String, Object>> seed) {
    return new RestCollection(name, "/users", seed);
  }

  private static HttpHandler orders(String name, List<Map<String, Object>> seed) {
    return new RestCollection(name, "/orders", seed);
  }

  private void serve(Service service, boolean fixed, String path, HttpHandler handler)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), fixed ? service.port() : 0);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext(path, handler);
    server.start();
    servers.add(server);
    ports.put(service, server.getAddress().getPort());
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    flaky.close();
    threads.shutdownNow();
  }

  /**
   * The samples alone, on their fixed ports or, with {@code --free-ports}, on others, until the
   * process is stopped.
   */
  public static void main(String[] args) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    boolean free = List.of(args).contains("--free-ports");
    try (Samples samples = free ? startOnFreePorts() : startOnFixedPorts()) {
      for (Service service : Service.values()) {
        System.out.println(service + " " + samples.url(service));
      }
      new CountDownLatch(1).await();
    }
  }
}
