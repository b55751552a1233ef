package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The documents that the README and the schema promise, decoded as written. */
class IssueSampleTest {
  static final String SAMPLE =
      """
      upstreams:
        users-v2:
          endpoints: [http://127.0.0.1:9001, {url: http://127.0.0.1:9002, weight: 2}]
          connect-timeout: 500ms
      routes:
        users:
          match:
            hosts: [api.example.com, "*.example.com"]
            path: "/users/{id}/**"            # "/users/**" also matches /users
            methods: [GET, POST]
            headers: {end-user: jason, x-tier: {regex: "gold|silver"}, x-debug: {present: false}}
            query: {beta: "1"}
          priority: 10
          upstream: users-v2
          rewrite: {path: "/internal/users/{id}/**"}    # or {strip-prefix: /api}
          timeout: {total: 3s, per-try: 1s, idle: 30s}
          request-headers: {set: {x-a: "1"}, add: {x-b: "2"}, remove: [x-c]}
          response-headers: {remove: [server]}
      """;

  @Test
  void decodesEveryKeyAsWritten() {
    LoadResult result = Keys.loader().load(List.of(ConfigFile.of("routes/users.yml", SAMPLE)));

    assertThat(result.problems()).isEmpty();
    ConfigSet set = Objects.requireNonNull(result.set());
    UpstreamConfig upstream = Objects.requireNonNull(set.upstreams().get("users-v2"));
    assertThat(upstream.endpoints())
        .containsExactly(
            new EndpointConfig("http", "127.0.0.1", 9001, "", 1),
            new EndpointConfig("http", "127.0.0.1", 9002, "", 2));
    assertThat(upstream.connectTimeout()).isEqualTo(Duration.ofMillis(500));
    RouteConfig route = Objects.requireNonNull(set.routes().get("users"));
    assertThat(route.match().hosts()).containsExactly("api.example.com", "*.example.com");
    assertThat(route.match().path()).isEqualTo("/users/{id}/**");
    assertThat(route.match().methods()).containsExactly("GET", "POST");
    assertThat(route.match().headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "end-user", new ValueMatch.Exact("jason"),
                "x-tier", new ValueMatch.Regex(java.util.regex.Pattern.compile("gold|silver")),
                "x-debug", new ValueMatch.Present(false)));
    assertThat(route.match().query()).containsExactly(Map.entry("beta", new ValueMatch.Exact("1")));
    assertThat(route.priority()).isEqualTo(10);
    assertThat(route.target()).isEqualTo(new RouteTarget.ToUpstream("users-v2"));
    assertThat(route.rewrite()).isEqualTo(new RewriteConfig.Path("/internal/users/{id}/**", false));
    assertThat(route.timeout())
        .isEqualTo(
            new TimeoutConfig(
                Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(30)));
    assertThat(route.extensions().get(Keys.REQUEST_HEADERS))
        .isEqualTo(new Keys.Changes(Map.of("x-a", "1"), Map.of("x-b", "2"), List.of("x-c")));
    assertThat(route.extensions().get(Keys.RESPONSE_HEADERS))
        .isEqualTo(new Keys.Changes(Map.of(), Map.of(), List.of("server")));
    assertThat(upstream.extensions()).isEqualTo(Extensions.none());
  }

  @Test
  void knowsWhereEachValueWasWritten() {
    LoadResult result = Keys.loader().load(List.of(ConfigFile.of("routes/users.yml", SAMPLE)));

    ConfigSet set = Objects.requireNonNull(result.set());
    assertThat(set.markOf("routes", "users", "match", "path")).hasToString("routes/users.yml:9:13");
    assertThat(set.markOf("routes", "users", "match", "hosts", "1"))
        .hasToString("routes/users.yml:8:32");
    assertThat(set.markOf("routes", "users", "rewrite", "path"))
        .hasToString("routes/users.yml:15:21");
    assertThat(set.markOf("routes", "users")).hasToString("routes/users.yml:6:3");
    assertThat(set.markOf("upstreams", "users-v2", "endpoints", "1", "weight"))
        .hasToString("routes/users.yml:3:77");
    // Not written: the nearest parent.
    assertThat(set.markOf("upstreams", "users-v2", "pool", "max-idle"))
        .hasToString("routes/users.yml:2:3");
  }
}
