package dev.headgate.benchmarks;

import dev.headgate.route.HostPattern;
import dev.headgate.route.Match;
import dev.headgate.route.PathPattern;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRequest;
import dev.headgate.route.RouteRule;
import dev.headgate.route.ValueCondition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What finding a route costs, which must not depend on how many there are. Run with {@code -prof
 * gc} for the bytes of a match.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteIndexBenchmark {

  /** What tells the routes of a table apart. */
  public enum Shape {
    /** {@code /service-7/orders/{id}/**}. */
    LITERALS {
      @Override
      RouteRule rule(int i) {
        return at("/service-" + i + "/orders/{id}/**", i, List.of(), List.of(), List.of());
      }

      @Override
      RouteRequest request(int i) {
        return new Request("any.example.com", "/service-" + i + "/orders/4711/lines/2", null, "");
      }
    },

    /** One path under as many hosts. */
    HOSTS {
      @Override
      RouteRule rule(int i) {
        return at(
            "/orders/{id}",
            i,
            List.of(HostPattern.parse("tenant-" + i + ".example.com")),
            List.of(),
            List.of());
      }

      @Override
      RouteRequest request(int i) {
        return new Request("tenant-" + i + ".example.com", "/orders/4711", null, "");
      }
    },

    /** A mix of variables and literals below one another, with a rest to fall back to. */
    VARIABLES {
      @Override
      RouteRule rule(int i) {
        String path =
            i == 0 ? "/**" : "/{tenant}/" + (i % 2 == 0 ? "*" : "a") + "/items-" + i + "/{item}";
        return at(path, i, List.of(), List.of(), List.of());
      }

      @Override
      RouteRequest request(int i) {
        return new Request("any.example.com", "/acme/a/items-" + i + "/4711", null, "");
      }
    },

    /** One host and path, told apart by the value of one header. */
    HEADER {
      @Override
      RouteRule rule(int i) {
        return at(
            "/orders/{id}",
            i,
            List.of(),
            List.of(ValueCondition.exact("x-tenant", "tenant-" + i)),
            List.of());
      }

      @Override
      RouteRequest request(int i) {
        return new Request("any.example.com", "/orders/4711", null, "tenant-" + i);
      }
    },

    /** One host and path, told apart by the value of one query parameter. */
    QUERY {
      @Override
      RouteRule rule(int i) {
        return at(
            "/orders/{id}",
            i,
            List.of(),
            List.of(),
            List.of(ValueCondition.exact("tenant", "tenant-" + i)));
      }

      @Override
      RouteRequest request(int i) {
        return new Request("any.example.com", "/orders/4711", "page=1&tenant=tenant-" + i, "");
      }
    };

    abstract RouteRule rule(int i);

    abstract RouteRequest request(int i);

    private static RouteRule at(
        String path,
        int i,
        List<HostPattern> hosts,
        List<ValueCondition> headers,
        List<ValueCondition> query) {
      return new RouteRule(
          "r" + i, 0, hosts, PathPattern.parse(path), Set.of("GET"), headers, query);
    }
  }

  /** As a server hands it over: every string is there, none is made while matching. */
  record Request(String host, String path, @Nullable String rawQuery, String tenant)
      implements RouteRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public Iterator<String> headers(String name) {
      return name.equals("x-tenant") ? List.of(tenant).iterator() : Collections.emptyIterator();
    }
  }

  private static final int REQUESTS = 1 << 10;

  @Param({"10", "1000", "10000"})
  int routes;

  @SuppressWarnings("NullAway.Init") // JMH sets it before anything runs
  @Param
  Shape shape;

  private RouteIndex<Integer> index = RouteIndex.of(List.of());
  private RouteRequest[] requests = new RouteRequest[0];
  private RouteRequest[] unknown = new RouteRequest[0];
  private int next;

  @Setup
  public void build() {
    List<RouteIndex.Entry<Integer>> entries = new ArrayList<>();
    for (int i = 0; i < routes; i++) {
      entries.add(new RouteIndex.Entry<>(shape.rule(i), i));
    }
    index = RouteIndex.of(entries);
    requests = new RouteRequest[REQUESTS];
    unknown = new RouteRequest[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      // A step that shares no factor with the sizes spreads the requests over the whole table.
      requests[i] = shape.request((int) ((i * 7919L) % routes));
      unknown[i] = shape.request(routes + i);
    }
  }

  /** A request that one of the routes answers. */
  @Benchmark
  public Match<Integer> found() {
    return index.match(requests[next++ & (REQUESTS - 1)]);
  }

  /** A request that no route of its kind answers. */
  @Benchmark
  public Match<Integer> missed() {
    return index.match(unknown[next++ & (REQUESTS - 1)]);
  }
}
