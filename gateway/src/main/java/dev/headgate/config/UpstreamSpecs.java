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
          "Connections to one endpoint, idle ones included, over all event loops. When all are in use, as many requests again wait, each for connect-timeout at most; beyond that 503. With HTTP/2 a connection carries up to 100 requests at once, or as many as the service allows, and 100 times as many requests may wait.");

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

  private static final Field<UpstreamProtocol> PROTOCOL =
      Field.withDefault(
          "protocol",
          Specs.enumOf(UpstreamProtocol.class),
          "h1",
          "h1 for HTTP/1.1; h2 for HTTP/2 over TLS, on https endpoints; h2c for HTTP/2 in the clear, on http endpoints. A service that does not select h2 in the TLS handshake is a TLS failure (502): nothing falls back to HTTP/1.1.");

  private static final Field<UpstreamTlsConfig> TLS =
      Field.nested("tls", UpstreamTlsSpec.TLS, "How https endpoints are reached.");

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
    List<Field<?>> fields =
        new ArrayList<>(List.of(ENDPOINTS, PROTOCOL, TLS, CONNECT_TIMEOUT, HOST, POOL_FIELD));
    fields.addAll(BalancingSpecs.FIELDS);
    ExtensionFields extensions = new ExtensionFields(keys);
    fields.addAll(extensions.fields());
    return Specs.object(fields, v -> upstream(v, extensions.of(v)));
  }

  private static UpstreamConfig upstream(Values v, Extensions extensions) {
    List<EndpointConfig> endpoints = v.get(ENDPOINTS);
    UpstreamProtocol protocol = v.get(PROTOCOL);
    checkScheme(v, endpoints, protocol);
    return new UpstreamConfig(
        v.key(),
        endpoints,
        protocol,
        v.get(TLS),
        v.get(CONNECT_TIMEOUT),
        v.get(HOST),
        v.get(POOL_FIELD),
        BalancingSpecs.of(v),
        extensions,
        v.mark());
  }

  private static void checkScheme(
      Values v, List<EndpointConfig> endpoints, UpstreamProtocol protocol) {
    if (!protocol.multiplexed()) {
      return;
    }
    boolean tls = protocol == UpstreamProtocol.H2;
    for (EndpointConfig endpoint : endpoints) {
      if (endpoint.tls() != tls) {
        v.problem(
            PROTOCOL,
            ProblemCode.BAD_VALUE,
            "does not go with %s (expected: %s endpoints only, or %s)"
                .formatted(
                    endpoint.url(), tls ? "https" : "http", tls ? "h2c for http" : "h2 for https"));
        return;
      }
    }
  }
}
