package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.samples.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The requests that {@code headgate demo} tells one to try, over the real config-repo/. */
class SampleShopIT {
  private static final Samples SAMPLES = samples();

  @RegisterExtension static final SharedGateway GATEWAY = SharedGateway.over(repo());

  private static Samples samples() {
    try {
      return Samples.startOnFreePorts();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** config-repo/ with the fixed ports of the samples replaced by those they have here. */
  private static ConfigRepo repo() {
    Path source = Commands.home().resolve("config-repo");
    ConfigRepo repo = ConfigRepo.create();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".yml")).toList()) {
        String text = Files.readString(file);
        for (Samples.Service service : Samples.Service.values()) {
          text = text.replace(":" + service.port(), ":" + SAMPLES.port(service));
        }
        repo.write(source.relativize(file).toString(), text);
      }
      return repo;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @AfterAll
  static void stop() {
    SAMPLES.close();
  }

  private static Response get(String target, String... headers) throws IOException {
    return RawHttp.get(GATEWAY.port(), target, headers);
  }

  @Test
  void usersInTwoVersions() throws Exception {
    assertThat(get("/users").need("x-service")).isEqualTo("users-v2");
    assertThat(get("/users/1").json().path("familyName").asString()).isEqualTo("Lovelace");
    Response old = get("/users/1", "X-API-Version: 1");
    assertThat(old.need("x-service")).isEqualTo("users-v1");
    assertThat(old.need("deprecation")).isEqualTo("@1767225600");
    assertThat(get("/v1/users/1").need("x-service")).isEqualTo("users-v1");
    assertThat(get("/users/1?version=1").need("x-service")).isEqualTo("users-v1");
    assertThat(get("/users/1", "Accept: application/json;version=1").need("x-service"))
        .isEqualTo("users-v1");
    assertThat(get("/users/99").status()).isEqualTo(404);
    assertThat(get("/users/99").json().path("message").asString()).contains("/users/99");
  }

  @Test
  void ordersAreCreatedListedAndDeleted() throws Exception {
    Response created =
        RawHttp.callWithBody(GATEWAY.port(), "POST /api/orders", "{\"item\":\"abacus\"}");
    assertThat(created.status()).isEqualTo(201);
    String location = created.need("location");
    assertThat(location).startsWith("/api/orders/");
    assertThat(get(location).json().path("item").asString()).isEqualTo("abacus");
    assertThat(RawHttp.call(GATEWAY.port(), "DELETE " + location).status()).isEqualTo(204);
    assertThat(get(location).status()).isEqualTo(404);
    assertThat(
            RawHttp.callWithBody(GATEWAY.port(), "POST /v1/api/orders", "{\"item\":\"abacus\"}")
                .need("location"))
        .startsWith("/v1/api/orders/");
    assertThat(get("/v1/api/orders").need("x-service")).isEqualTo("orders-v1");
    assertThat(get("/users/7/orders/1").need("x-service")).isEqualTo("orders-v2");
  }

  @Test
  void theCanarySeesATenth() throws Exception {
    int fresh = 0;
    for (int i = 0; i < 100; i++) {
      fresh += get("/canary/users").need("x-service").equals("users-v2") ? 1 : 0;
    }
    assertThat(fresh).isBetween(1, 30);
  }

  @Test
  void theEchoTellsWhatItReceived() throws Exception {
    Response response = get("/echo/a%2Fb?x=1", "X-Secret: s3cret", "Host: shop.example");
    assertThat(response.json().path("target").asString()).isEqualTo("/a%2Fb?x=1");
    assertThat(response.text()).doesNotContain("s3cret").contains("shop.example").contains("demo");
    assertThat(response.text()).contains(response.need("x-request-id"));
    assertThat(response.headers("server")).isEmpty();
    assertThat(get("/echo/x", "X-Tier: gold").text()).containsIgnoringCase("x-debug");
  }

  @Test
  void theSlowServiceIsATimeout() throws Exception {
    assertThat(get("/slow?ms=10").status()).isEqualTo(200);
    assertThat(get("/slow?ms=5000").status()).isEqualTo(504);
  }

  @Test
  void theFlakyServiceFailsClearly() throws Exception {
    // On a busy machine the service's first answer may take longer than the route waits.
    assertThat(get("/flaky/reset").status()).isIn(502, 503, 504);
    assertThat(get("/flaky/empty").status()).isIn(502, 503, 504);
    assertThat(get("/flaky").status()).isIn(200, 503, 504);
  }

  @Test
  void theGatewaysOwnAnswers() throws Exception {
    assertThat(get("/old-users").status()).isEqualTo(308);
    assertThat(get("/old-users").need("location")).isEqualTo("/users");
    assertThat(get("/hello").text()).isEqualTo("Hello from Headgate\n");
    Response refused = RawHttp.call(GATEWAY.port(), "DELETE /hello");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.need("allow")).contains("GET");
  }

  @Test
  void stockRoutesBesideThem() throws Exception {
    assertThat(get("/stock/hello").json().path("target").asString()).isEqualTo("/hello");
    assertThat(get("/mounted/hello").text()).contains("/mounted/hello").contains("headgate");
  }
}
