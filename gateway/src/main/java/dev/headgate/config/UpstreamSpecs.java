package dev.headgate.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of an upstream. */
final class UpstreamSpecs {
  private static final Pattern LITERAL_HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9][A-Za-z0-9._-]{0,252})(:[0-9]{1,5})?");

  // As many as the default bulkhead lets through, so that the pool is never the tighter of two
  // limits unasked.
  private static final Field<Integer> MAX_CONNECTIONS =
      Field.withDefault(
          "max-connections",
          Specs.integer(1, 65_536),
          "1024",
          "Connections to one endpoint, idle ones included, over all event loops. When all are in use, as many requests again wait, each for connect-timeout at most; beyond that 503.");

  // Below the 60 s and more after which common servers and load balancers close idle connections:
  // ours goes first.
  private static final Field<Duration> MAX_IDLE =
      Field.withDefault(
          "max-idle",
          Specs.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "30s",
          "A connection that was not used for so long is closed. Keep it below the service's own keep-alive limit.");

  // Long enough to cost nothing, short enough to follow a change of DNS or of the servers behind an
  // L4 balancer.
  private static final Field<Duration> MAX_LIFE =
      Field.withDefault(
          "max-life",
          Specs.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "10m",
          "A connection of that age takes no further request, so that changes of DNS and new servers behind a balancer are noticed.");

  static final ObjectSpec<PoolConfig> POOL =
      Specs.object(
          v -> new PoolConfig(v.get(MAX_CONNECTIONS), v.get(MAX_IDLE), v.get(MAX_LIFE)),
          MAX_CONNECTIONS,
          MAX_IDLE,
          MAX_LIFE);

  private static final Field<PoolConfig> POOL_FIELD =
      Field.nested("pool", POOL, "The connections that are kept to each endpoint.");

  static final Field<List<EndpointConfig>> ENDPOINTS =
      Field.required(
          "endpoints",
          Endpoints.SPEC,
          "Where the service can be reached: URLs, or objects with a URL and a weight.");

  private static final Field<Duration> CONNECT_TIMEOUT =
      Field.withDefault(
          "connect-timeout",
          Specs.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
          "1s",
          "Limit for a new connection to stand, TLS handshake included; beyond it the attempt fails with 504.");

  private static final Field<HostPolicy> HOST =
      Field.withDefault(
          "host",
          host(),
          "endpoint",
          "What the service sees as Host: preserve for the client's own, endpoint for that of the endpoint's URL, or any other host, always the same.");

  private UpstreamSpecs() {}

  private static Spec<HostPolicy> host() {
    Spec<HostPolicy> literal =
        Specs.text(LITERAL_HOST, ProblemCode.BAD_HOST, "a host with or without a port")
            .map(HostPolicy.Literal::new);
    return Specs.wordOr(
        "endpoint",
        new HostPolicy.Endpoint(),
        Specs.wordOr("preserve", new HostPolicy.Preserve(), literal));
  }

  /** An upstream; policies' keys come after ours. */
  static ObjectSpec<UpstreamConfig> upstream(Collection<ConfigKey<?>> keys) {
    List<Field<?>> fields = new ArrayList<>(List.of(ENDPOINTS, CONNECT_TIMEOUT, HOST, POOL_FIELD));
    ExtensionFields extensions = new ExtensionFields(keys);
    fields.addAll(extensions.fields());
    return Specs.object(
        fields,
        v ->
            new UpstreamConfig(
                v.key(),
                v.get(ENDPOINTS),
                v.get(CONNECT_TIMEOUT),
                v.get(HOST),
                v.get(POOL_FIELD),
                extensions.of(v),
                v.mark()));
  }
}
