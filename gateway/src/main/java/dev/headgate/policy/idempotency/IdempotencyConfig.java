package dev.headgate.policy.idempotency;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import dev.headgate.exchange.Methods;
import dev.headgate.policy.ToleratesRepeats;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a route does with idempotency keys.
 *
 * @param required whether a request of these methods must have one
 * @param methods in upper case; none that is safe
 * @param ttl how long an outcome is kept; 1s to 90d
 * @param namespace within which a key is one and the same; null for the route's own
 * @param scope what a caller is
 * @param maxBody bytes of a request that are read before the claim; 0 to 64MiB
 * @param largeBody what becomes of longer ones
 * @param maxResponse bytes of an answer that are kept; 0 to 64MiB
 * @param waiting how long a repeat waits for the first; 0 for not at all, up to 60s
 * @param releaseOn statuses of the service after which the key is as if it had not been used
 * @param onStoreFailure what becomes of requests while the store cannot be asked
 * @param upstreamIdempotent whether the service itself tells repeats by the key
 */
record IdempotencyConfig(
    boolean required,
    Set<String> methods,
    Duration ttl,
    @Nullable String namespace,
    List<CallerPart> scope,
    int maxBody,
    LargeBody largeBody,
    int maxResponse,
    Duration waiting,
    Set<Integer> releaseOn,
    OnStoreFailure onStoreFailure,
    boolean upstreamIdempotent)
    implements ToleratesRepeats {

  /** What becomes of bodies beyond {@code max-body}. */
  enum LargeBody {
    DIGEST,
    REJECT
  }

  /** What becomes of requests while the store cannot be asked. */
  enum OnStoreFailure {
    REJECT,
    PROCEED
  }

  /** The most that a size may be: it is held in memory, for each request of its own. */
  private static final long MOST_BYTES = 64L << 20;

  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final Field<Boolean> REQUIRED =
      Field.withDefault(
          "required",
          Specs.bool(),
          "false",
          "Whether a request without a key is refused with 400 IDEMPOTENCY_KEY_MISSING. One with a key is protected either way.");

  private static final Field<List<String>> METHODS =
      Field.otherwise(
          "methods",
          Specs.listOf(
              Specs.text(
                  Pattern.compile("[A-Z][A-Z-]{0,31}"),
                  ProblemCode.BAD_VALUE,
                  "a method in upper case, such as POST"),
              1,
              16),
          List.of("POST", "PATCH"),
          "[POST, PATCH]",
          "Methods whose keys are looked at; no safe ones, which have no effect to protect.");

  private static final Field<Duration> TTL =
      Field.withDefault(
          "ttl",
          Specs.duration(Duration.ofSeconds(1), Duration.ofDays(90)),
          "24h",
          "How long an outcome is kept after it was known. After that the same key is a new one.");

  private static final Field<String> NAMESPACE_FIELD =
      Field.optional(
          "namespace",
          Specs.text(
              NAMESPACE,
              ProblemCode.BAD_VALUE,
              "1 to 128 letters, digits, dots, dashes and underscores"),
          "A name under which several routes share their keys. Without it each route has its own.");

  private static final Field<List<CallerPart>> SCOPE =
      Field.otherwise(
          "scope",
          Specs.listOf(CallerPart.SPEC, 1, 8),
          List.of(CallerPart.PRINCIPAL),
          "[principal]",
          "What a caller is, since keys of two callers are two keys: principal, a digest of the credential in Authorization; client-address, which changes under way with phones; or the name of a header such as X-Tenant. All of the list together.");

  private static final Field<Long> MAX_BODY =
      Field.withDefault(
          "max-body",
          Specs.size(0, MOST_BYTES),
          "1MiB",
          "How much of a request's body is read, and held, before the key is claimed, so that another request with the same key is known by its body at once.");

  private static final Field<LargeBody> LARGE_BODY =
      Field.withDefault(
          "large-body",
          Specs.enumOf(LargeBody.class),
          "digest",
          "What becomes of longer ones: digest claims the key without the body's digest, which is taken as the body streams through, so that repeats are told by it once the first is complete; reject refuses them with 413.");

  private static final Field<Long> MAX_RESPONSE =
      Field.withDefault(
          "max-response",
          Specs.size(0, MOST_BYTES),
          "1MiB",
          "How large an answer is kept, and held until the store has it. A longer one streams to the client, and a repeat gets 409 IDEMPOTENCY_RESPONSE_NOT_STORED, never a second run. So with event streams.");

  private static final Field<Duration> WAIT =
      Field.withDefault(
          "wait",
          Specs.duration(Duration.ZERO, Duration.ofMinutes(1)),
          "0s",
          "How long a repeat waits for the first one's answer before it gets 409 IDEMPOTENCY_IN_PROGRESS; never beyond its deadline.");

  private static final Field<List<Integer>> RELEASE_ON =
      Field.otherwise(
          "release-on",
          Specs.listOf(Specs.integer(200, 599), 0, 64),
          List.of(409, 425, 429, 503),
          "[409, 425, 429, 503]",
          "Statuses of the service that say that nothing was done, so that the key can be used again. All others are kept, 4xx and 500 included; but 502 and 504 leave the outcome unknown, since they may come from a hop in between.");

  private static final Field<OnStoreFailure> ON_STORE_FAILURE =
      Field.withDefault(
          "on-store-failure",
          Specs.enumOf(OnStoreFailure.class),
          "reject",
          "While the store cannot be asked: reject answers 503 IDEMPOTENCY_STORE_UNAVAILABLE and asks no service; proceed runs the request without protection and says so in Idempotency-Status.");

  private static final Field<Boolean> UPSTREAM_IDEMPOTENT =
      Field.withDefault(
          "upstream-idempotent",
          Specs.bool(),
          "false",
          "Whether the service itself does nothing twice for one Idempotency-Key, which it always gets. Then what may have reached it can be tried again, by retries and by the client; otherwise the client gets 409 IDEMPOTENCY_OUTCOME_UNKNOWN.");

  static final ConfigKey<IdempotencyConfig> KEY =
      new ConfigKey<>(
          "idempotency",
          spec(),
          "One effect for each Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the first request runs, and repeats get its answer.");

  private static ObjectSpec<IdempotencyConfig> spec() {
    return Specs.object(
        IdempotencyConfig::of,
        REQUIRED,
        METHODS,
        TTL,
        NAMESPACE_FIELD,
        SCOPE,
        MAX_BODY,
        LARGE_BODY,
        MAX_RESPONSE,
        WAIT,
        RELEASE_ON,
        ON_STORE_FAILURE,
        UPSTREAM_IDEMPOTENT);
  }

  private static @Nullable IdempotencyConfig of(Values v) {
    String safe =
        v.get(METHODS).stream()
            .filter(method -> Methods.isSafe(method) || method.equals("CONNECT"))
            .collect(Collectors.joining(", "));
    if (!safe.isEmpty()) {
      v.problem(
          METHODS,
          ProblemCode.BAD_VALUE,
          "has %s, with nothing to protect (expected: methods such as POST, PUT, PATCH, DELETE)"
              .formatted(safe));
      return null;
    }
    return new IdempotencyConfig(
        v.get(REQUIRED),
        Set.copyOf(v.get(METHODS)),
        v.get(TTL),
        v.find(NAMESPACE_FIELD),
        List.copyOf(v.get(SCOPE)),
        v.get(MAX_BODY).intValue(),
        v.get(LARGE_BODY),
        v.get(MAX_RESPONSE).intValue(),
        v.get(WAIT),
        Set.copyOf(v.get(RELEASE_ON)),
        v.get(ON_STORE_FAILURE),
        v.get(UPSTREAM_IDEMPOTENT));
  }

  /** Whether keys of requests with this method are looked at. */
  boolean covers(String method) {
    return methods.contains(method);
  }
}
