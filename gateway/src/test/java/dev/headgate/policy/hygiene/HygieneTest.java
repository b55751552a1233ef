package dev.headgate.policy.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import dev.headgate.policy.RouteContext;
import dev.headgate.testing.Config;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;

class HygieneTest {
  private final VirtualTime time = new VirtualTime();

  private GatewayExchange exchange(boolean https) {
    return time.exchange(HttpMethod.GET, Body.EMPTY, https ? "https" : "http", "gateway");
  }

  private HttpHeaders run(String keys, boolean https, String... answered) {
    GatewayResponse response = Response.of(200);
    for (int i = 0; i < answered.length; i += 2) {
      response.headers().add(answered[i], answered[i + 1]);
    }
    Config.policy(new HygieneFactory(), keys)
        .ifPresent(p -> ((Policy.Hook) p).onResponse(exchange(https), response));
    return response.headers();
  }

  @Test
  void whatTheServiceRunsOnIsHiddenUnasked() {
    assertThat(run("", false, "Server", "x/1", "X-Powered-By", "y", "X-Runtime", "0.1", "x-a", "1"))
        .singleElement()
        .hasToString("x-a=1");
  }

  @Test
  void whatTheServiceRunsOnPassesWhereTheRouteSaysSo() {
    assertThat(run("software-headers: pass", false, "Server", "x/1").get("server"))
        .isEqualTo("x/1");
    assertThat(Config.policy(new HygieneFactory(), "software-headers: pass")).isEmpty();
    assertThat(new HygieneFactory().create(RouteContext.UNROUTED)).isEmpty();
  }

  @Test
  void theShorthandMeansTheDefaults() {
    for (String keys : new String[] {"security-headers: default", "security-headers: {}"}) {
      HttpHeaders headers = run(keys, true);
      assertThat(headers.get("x-content-type-options")).isEqualTo("nosniff");
      assertThat(headers.get("x-frame-options")).isEqualTo("DENY");
      assertThat(headers.get("referrer-policy")).isEqualTo("no-referrer");
      assertThat(headers.get("strict-transport-security"))
          .isEqualTo("max-age=31536000; includeSubDomains");
      assertThat(headers.size()).isEqualTo(4);
    }
  }

  @Test
  void hstsIsSaidOverHttpsAlone() {
    assertThat(run("security-headers: default", false).contains("strict-transport-security"))
        .isFalse();
  }

  @Test
  void eachCanBeLeftOutOrSaidOtherwise() {
    HttpHeaders headers =
        run(
            "security-headers: {hsts: {max-age: 730d, preload: true}, content-type-options: false,"
                + " frame-options: SAMEORIGIN, referrer-policy: none,"
                + " content-security-policy: \"default-src 'self'\", permissions-policy:"
                + " geolocation=(), cross-origin-opener-policy: same-origin,"
                + " cross-origin-embedder-policy: require-corp,"
                + " cross-origin-resource-policy: same-site}",
            true);

    assertThat(headers.get("strict-transport-security"))
        .isEqualTo("max-age=63072000; includeSubDomains; preload");
    assertThat(headers.contains("x-content-type-options")).isFalse();
    assertThat(headers.contains("referrer-policy")).isFalse();
    assertThat(headers.get("x-frame-options")).isEqualTo("SAMEORIGIN");
    assertThat(headers.get("content-security-policy")).isEqualTo("default-src 'self'");
    assertThat(headers.get("permissions-policy")).isEqualTo("geolocation=()");
    assertThat(headers.get("cross-origin-opener-policy")).isEqualTo("same-origin");
    assertThat(headers.get("cross-origin-embedder-policy")).isEqualTo("require-corp");
    assertThat(headers.get("cross-origin-resource-policy")).isEqualTo("same-site");
  }

  @Test
  void hstsCanBeLeftOut() {
    assertThat(run("security-headers: {hsts: none}", true).contains("strict-transport-security"))
        .isFalse();
  }

  @Test
  void whatTheServiceSaidStaysUnlessOverridden() {
    String[] own = {"X-Frame-Options", "SAMEORIGIN", "X-Frame-Options", "ALLOW-FROM x"};
    assertThat(run("security-headers: default", false, own).getAll("x-frame-options"))
        .containsExactly("SAMEORIGIN", "ALLOW-FROM x");
    assertThat(run("security-headers: {override: true}", false, own).getAll("x-frame-options"))
        .containsExactly("DENY");
  }

  @Test
  void aPreloadThatNobodyHeedsIsAProblem() {
    assertThat(
            Config.problems(
                new HygieneFactory(), "security-headers: {hsts: {max-age: 30d, preload: true}}"))
        .singleElement()
        .asString()
        .contains("security-headers.hsts.preload: \"true\" is not heeded so (expected: ");
  }
}
