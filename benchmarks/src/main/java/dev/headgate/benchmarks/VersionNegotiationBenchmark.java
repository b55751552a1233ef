package dev.headgate.benchmarks;

import dev.headgate.route.Match;
import dev.headgate.route.PathMatch;
import dev.headgate.route.PathPattern;
import dev.headgate.route.RouteIndex;
import dev.headgate.route.RouteRequest;
import dev.headgate.route.RouteRule;
import dev.headgate.route.VersionMatch;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.route.VersionOutcome;
import dev.headgate.route.VersionScheme;
import dev.headgate.route.VersionSources;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
 * What choosing a version costs beyond finding the route, over headers as the server decodes them.
 * Run with {@code -prof gc} for the bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VersionNegotiationBenchmark {

  /** Where the request says its version. */
  public enum Said {
    /** Nowhere; a browser's {@code Accept} is there all the same. */
    NOWHERE("/users/4711", null, "text/html, */*;q=0.8", null),
    /** In the path. */
    PATH("/v2/users/4711", null, "*/*", null),
    /** In a field of its own. */
    HEADER("/users/4711", null, "*/*", "v2"),
    /** In the query. */
    QUERY("/users/4711", "page=1&version=2", "*/*", null),
    /** By one of two ranges. */
    ACCEPT("/users/4711", null, "*/*;q=0.1, application/vnd.api+json;version=2", null);

    private final String path;
    private final @Nullable String query;
    private final String accept;
    private final @Nullable String version;

    Said(String path, @Nullable String query, String accept, @Nullable String version) {
      this.path = path;
      this.query = query;
      this.accept = accept;
      this.version = version;
    }

    RouteRequest request() {
      HttpHeaders headers = new DefaultHttpHeaders();
      headers.add("Host", "shop.example.com").add("User-Agent", "bench").add("Accept", accept);
      if (version != null) {
        headers.add("X-API-Version", version);
      }
      return new Request(path, query, headers);
    }
  }

  /** The same with the lines at hand: what is left is the negotiation's own. */
  private static final class AtHand implements RouteRequest {
    private final RouteRequest of;
    private final Line accept = new Line();
    private final Line version = new Line();

    AtHand(RouteRequest of) {
      this.of = of;
      accept.value = of.headers("accept").next();
      version.value = of.hasHeader("x-api-version") ? of.headers("x-api-version").next() : null;
    }

    private Line line(String name) {
      return name.equals("accept") ? accept : version;
    }

    @Override
    public String method() {
      return of.method();
    }

    @Override
    public String host() {
      return of.host();
    }

    @Override
    public String path() {
      return of.path();
    }

    @Override
    public @Nullable String rawQuery() {
      return of.rawQuery();
    }

    @Override
    public Iterator<String> headers(String name) {
      Line line = line(name);
      line.told = false;
      return line;
    }

    @Override
    public boolean hasHeader(String name) {
      return line(name).value != null;
    }
  }

  /** One line, over and over. */
  private static final class Line implements Iterator<String> {
    private @Nullable String value;
    private boolean told;

    @Override
    public boolean hasNext() {
      return value != null && !told;
    }

    @Override
    public String next() {
      String line = value;
      if (line == null || told) {
        throw new NoSuchElementException();
      }
      told = true;
      return line;
    }
  }

  /** As the edge asks. */
  private record Request(String path, @Nullable String rawQuery, HttpHeaders headers)
      implements RouteRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String host() {
      return "shop.example.com";
    }

    @Override
    public Iterator<String> headers(String name) {
      Iterator<String> backwards = headers.valueStringIterator(name);
      if (!backwards.hasNext()) {
        return backwards;
      }
      String last = backwards.next();
      return backwards.hasNext()
          ? headers.getAll(name).iterator()
          : Collections.singleton(last).iterator();
    }

    @Override
    public boolean hasHeader(String name) {
      return headers.contains(name);
    }
  }

  private static final PathPattern USERS = PathPattern.parse("/users/**");

  @SuppressWarnings("NullAway.Init") // JMH sets it before anything runs
  @Param
  Said said;

  private final VersionNegotiation<Integer> versions =
      new VersionNegotiation<>(
          new VersionSources(true, "version", "X-API-Version", "version"),
          VersionScheme.NUMBER,
          VersionMatch.EXACT,
          List.of(
              new VersionNegotiation.Entry<>("1", 1),
              new VersionNegotiation.Entry<>("2", 2),
              new VersionNegotiation.Entry<>("2.1", 3)),
          "2");

  private RouteIndex<Integer> index = RouteIndex.of(List.of());
  private RouteRequest request = new Request("/", null, new DefaultHttpHeaders());
  private RouteRequest atHand = request;
  private @Nullable PathMatch path;

  @Setup
  public void build() {
    RouteRule plain = RouteRule.of("users", USERS);
    RouteRule versioned = plain.at("users+", PathPattern.versioned("/v{version}", USERS));
    index =
        RouteIndex.of(
            List.of(new RouteIndex.Entry<>(plain, 0), new RouteIndex.Entry<>(versioned, 0)));
    request = said.request();
    atHand = new AtHand(request);
    path = ((Match.Found<Integer>) index.match(request)).path();
  }

  /** Finding the route alone. */
  @Benchmark
  public Match<Integer> match() {
    return index.match(request);
  }

  /** Choosing the version of a route that was found, the lines of fields being at hand. */
  @Benchmark
  public VersionOutcome<Integer> negotiate() {
    return versions.negotiate(path, atHand);
  }

  /** The same with Netty's own iterators over the lines, as the edge has them. */
  @Benchmark
  public VersionOutcome<Integer> negotiateOverNettysFields() {
    return versions.negotiate(path, request);
  }
}
