package dev.headgate.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of an upstream that say which endpoint gets a request. */
final class BalancingSpecs {
  private static final Pattern PATH = Pattern.compile("/[!-\"$-~]{0,1999}");

  private static final Field<String> HEADER =
      Field.required(
          "header",
          Specs.headerName(),
          "The request header whose first value chooses the endpoint. Requests without it take turns.");

  private static final ObjectSpec<LoadBalancing> BY_HEADER =
      Specs.object(v -> new LoadBalancing.ConsistentHash(v.get(HEADER)), HEADER);

  private static final Field<LoadBalancing> CONSISTENT_HASH =
      Field.required(
          "consistent-hash",
          BY_HEADER,
          "The same value goes to the same endpoint; when one goes, only its own values move, and they move to all the others.");

  private static final Field<LoadBalancing> LOAD_BALANCING =
      Field.withDefault(
          "load-balancing",
          methods(),
          "round-robin",
          "Which endpoint a request goes to. round-robin: in turn; least-requests: the one with the fewest in flight; random-two: of two at random the one with fewer, for upstreams with hundreds of endpoints; or consistent-hash. Weights count in each of them. A retry goes to an endpoint that the request has not been to, where there is one. When fewer than half of the endpoints, by weight, are healthy and not ejected, all are used.");

  private static final Field<Duration> SLOW_START =
      Field.optional(
          "slow-start",
          Specs.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "How long an endpoint that is new to a running upstream, or has come back, takes to get its full share: from a tenth of its weight, linearly. At once unless written. Not with consistent-hash.");

  private static final Field<Duration> DNS_REFRESH =
      Field.withDefault(
          "dns-refresh",
          Specs.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          "5s",
          "How often the names of endpoints are resolved again; never before their records' time to live is over. Requests are spread over all addresses of a name that has several (of one family, IPv4 where there is both); each has its own connections, health and ejection.");

  private static final Field<HealthCheckConfig> HEALTH_CHECK =
      Field.optional(
          "health-check",
          healthCheck(),
          "Asks each endpoint by itself; those that do not answer well get no requests. Off unless written. The first check decides at once, the later ones by the counts.");

  private static final Field<EjectionConfig> EJECTION =
      Field.optional(
          "outlier-ejection",
          ejection(),
          "An endpoint whose requests fail in a row gets none for a while. Failures are connections refused or reset, timeouts, broken answers, and any 5xx. Off unless written.");

  static final List<Field<?>> FIELDS =
      List.of(LOAD_BALANCING, SLOW_START, HEALTH_CHECK, EJECTION, DNS_REFRESH);

  private BalancingSpecs() {}

  static BalancingConfig of(Values v) {
    return new BalancingConfig(
        v.get(LOAD_BALANCING),
        v.find(SLOW_START),
        v.find(HEALTH_CHECK),
        v.find(EJECTION),
        v.get(DNS_REFRESH));
  }

  private static Spec<LoadBalancing> methods() {
    Map<String, LoadBalancing> words = new LinkedHashMap<>();
    words.put("round-robin", LoadBalancing.Plain.ROUND_ROBIN);
    words.put("least-requests", LoadBalancing.Plain.LEAST_REQUESTS);
    words.put("random-two", LoadBalancing.Plain.RANDOM_TWO);
    String choice = Texts.choice(words.keySet());
    // A keyword of its own, since the problem has to tell of the object too.
    Spec<LoadBalancing> word =
        new ScalarSpec<>(
            choice,
            Schemas.of("type", "string", "enum", List.copyOf(words.keySet())),
            false,
            (text, refusal) -> {
              LoadBalancing method = words.get(text);
              if (method == null) {
                refusal.because(
                    ProblemCode.BAD_VALUE,
                    "is none of the words (expected: "
                        + choice
                        + ", or {consistent-hash: {header: X-User}})");
              }
              return method;
            });
    return Specs.either(word, Specs.object(v -> v.get(CONSISTENT_HASH), CONSISTENT_HASH));
  }

  private static ObjectSpec<HealthCheckConfig> healthCheck() {
    Field<String> path =
        Field.required(
            "path",
            Specs.text(PATH, ProblemCode.BAD_PATH, "a path, perhaps with a query"),
            "What is asked for with GET, behind the endpoint's base path. Any 2xx is good.");
    Field<Duration> interval =
        Field.withDefault(
            "interval",
            Specs.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "5s",
            "From the end of one check of an endpoint to its next, give or take a tenth.");
    Field<Duration> timeout =
        Field.withDefault(
            "timeout",
            Specs.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            "1s",
            "Limit of one check, from connecting to the answer's head. Each has a connection of its own.");
    Field<Integer> unhealthy =
        Field.withDefault(
            "unhealthy-after",
            Specs.integer(1, 100),
            "3",
            "Bad checks in a row after which an endpoint gets no requests.");
    Field<Integer> healthy =
        Field.withDefault(
            "healthy-after",
            Specs.integer(1, 100),
            "2",
            "Good checks in a row after which it gets them again.");
    return Specs.object(
        v ->
            new HealthCheckConfig(
                v.get(path), v.get(interval), v.get(timeout), v.get(unhealthy), v.get(healthy)),
        path,
        interval,
        timeout,
        unhealthy,
        healthy);
  }

  private static ObjectSpec<EjectionConfig> ejection() {
    Field<Integer> failures =
        Field.withDefault(
            "consecutive-failures",
            Specs.integer(1, 1000),
            "5",
            "Failures in a row after which an endpoint is ejected; one success starts the count again. 4xx is a success, a client that goes away is neither.");
    Field<Duration> base =
        Field.withDefault(
            "base",
            Specs.duration(Duration.ofMillis(100), Duration.ofHours(24)),
            "30s",
            "How long the first ejection lasts, the second twice as long, and so on; one is forgotten for each base that passes without another.");
    Field<Duration> max =
        Field.withDefault(
            "max",
            Specs.duration(Duration.ofMillis(100), Duration.ofHours(24)),
            "5m",
            "No ejection is longer.");
    Field<Double> maxEjected =
        Field.withDefault(
            "max-ejected",
            Specs.percent(0, 100),
            "50%",
            "At most so many of the upstream's endpoints at once; always one of two or more, never the last that is usable.");
    return Specs.object(
        v -> ejection(v, failures, base, max, maxEjected), failures, base, max, maxEjected);
  }

  private static @Nullable EjectionConfig ejection(
      Values v,
      Field<Integer> failures,
      Field<Duration> base,
      Field<Duration> max,
      Field<Double> most) {
    if (v.get(max).compareTo(v.get(base)) < 0) {
      v.problem(
          v.written(max) ? max : base,
          ProblemCode.BAD_VALUE,
          "makes max shorter than base (expected: max %s at least)"
              .formatted(Quantities.format(v.get(base))));
      return null;
    }
    return new EjectionConfig(v.get(failures), v.get(base), v.get(max), v.get(most));
  }
}
