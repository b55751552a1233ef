package dev.headgate.contract.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/** A collector that keeps what it gets by OTLP over HTTP; it may also answer errors, or nothing. */
public final class OtlpReceiver implements AutoCloseable {
  @FunctionalInterface
  private interface Sink {
    void take(InputStream body) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "otlp");
            thread.setDaemon(true);
            return thread;
          });
  private final Spans spans = new Spans();
  private final Map<String, Metric> metrics = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean silent;

  private OtlpReceiver(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/v1/traces", exchange -> receive(exchange, this::takeSpans));
    server.createContext("/v1/metrics", exchange -> receive(exchange, this::takeMetrics));
    server.start();
  }

  public static OtlpReceiver start() {
    try {
      InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new OtlpReceiver(HttpServer.create(free, 64));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Where no collector listens. */
  public static String deadTraces() {
    return "http://127.0.0.1:" + ScriptedUpstream.closedPort() + "/v1/traces";
  }

  /** From now on it answers this, and keeps nothing. */
  public OtlpReceiver failing(int withStatus) {
    status = withStatus;
    return this;
  }

  /** From now on it reads, and never answers. */
  public OtlpReceiver silent() {
    silent = true;
    return this;
  }

  public String traces() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  public String metrics() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/metrics";
  }

  public Spans spans() {
    return spans;
  }

  /** The newest of each metric, by name. */
  public Map<String, Metric> received() {
    return metrics;
  }

  /** How many requests there were, whatever became of them. */
  public int requests() {
    return requests.get();
  }

  private void takeSpans(InputStream body) throws IOException {
    spans.add(ExportTraceServiceRequest.parseFrom(body));
  }

  private void takeMetrics(InputStream body) throws IOException {
    ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .forEach(metric -> metrics.put(metric.getName(), metric));
  }

  private void receive(HttpExchange exchange, Sink sink) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      InputStream body = exchange.getRequestBody();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(body);
      }
      if (silent) {
        closed.await();
      } else if (status == 200) {
        sink.take(body);
      }
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
