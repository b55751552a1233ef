package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CORS, request limits, security headers, rewriting back and compression, as one writes them. */
@Once
class RoutePoliciesIT {
  private static final String TEXT = "a line of some text\n".repeat(1_000);
  private static final String APP = "https://app.example.com";

  private static final ScriptedUpstream SERVICE =
      ScriptedUpstream.answering(RoutePoliciesIT::answer);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .upstreams(
                  """
                  upstreams:
                    u: {endpoints: ["@service@"]}
                    based: {endpoints: ["@service@/base"]}
                  """)
              .routes(
                  """
                  routes:
                    open:
                      match: {path: /cors/open, methods: [GET]}
                      upstream: u
                      cors: {origins: ["*"]}
                    app:
                      match: {path: /cors/app, methods: [GET, PATCH]}
                      upstream: u
                      cors:
                        origins: [https://app.example.com, "https://*.example.com:8443"]
                        headers: [x-a, content-type]
                        expose-headers: [x-total]
                        credentials: true
                        max-age: 1h
                    limited:
                      match: {path: /limited/**}
                      upstream: u
                      request-limits: {max-body: 1KiB, max-uri: 100B, max-headers: 1KiB}
                    secure:
                      match: {path: /secure/**}
                      upstream: u
                      security-headers: default
                    moved:
                      match: {path: /moved/**}
                      upstream: based
                      rewrite: {strip-prefix: /moved, reverse: true}
                    packed:
                      match: {path: /packed/**}
                      upstream: u
                      compression: {}
                    packed-gzip:
                      match: {path: /packed/gzip}
                      upstream: u
                      compression: {encodings: [gzip], min-size: 1MiB}
                  """));

  private static String answer(Received request) {
    String target = request.target();
    if (target.startsWith("/packed")) {
      return Answer.ok(TEXT, "Content-Type: text/plain", "ETag: \"v1\"");
    }
    if (target.startsWith("/base/")) {
      return Answer.of(
          "302 Found",
          "",
          "Location: " + SERVICE.url() + "/base/there?x=%2F",
          "Set-Cookie: s=1; Path=/base; HttpOnly");
    }
    return Answer.ok("fine", "Access-Control-Allow-Origin: *", "X-Powered-By: secret");
  }

  /** Whether the service was ever asked for this. */
  private static boolean reached(String method, String path) {
    return SERVICE.received().stream()
        .anyMatch(r -> r.method().equals(method) && r.target().startsWith(path));
  }

  private static Response preflight(String path, String origin, String method) throws IOException {
    return RawHttp.call(
        GATEWAY.port(),
        "OPTIONS " + path,
        "Origin: " + origin,
        "Access-Control-Request-Method: " + method,
        "Access-Control-Request-Headers: x-a");
  }

  @Test
  void preflightsAreAnsweredByTheGateway() throws Exception {
    Response response = preflight("/cors/app", APP, "PATCH");
    assertThat(response.status()).isEqualTo(204);
    assertThat(response.need("access-control-allow-origin")).isEqualTo(APP);
    assertThat(response.need("access-control-allow-methods")).contains("PATCH");
    assertThat(response.need("access-control-allow-headers")).contains("x-a");
    assertThat(response.need("access-control-allow-credentials")).isEqualTo("true");
    assertThat(response.need("access-control-max-age")).isEqualTo("3600");
    assertThat(response.need("vary")).contains("Origin");
    assertThat(
            preflight("/cors/open", "https://any.test", "GET").need("access-control-allow-origin"))
        .isEqualTo("*");
    assertThat(reached("OPTIONS", "/cors")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com, true",
    "https://a.b.example.com:8443, true",
    "https://example.com:8443, false",
    "http://app.example.com, false",
    "https://app.example.com.evil.test, false",
    "null, false",
  })
  void onlyAllowedOriginsMayReadOrAsk(String origin, boolean allowed) throws Exception {
    Response asked = preflight("/cors/app", origin, "GET");
    assertThat(asked.status()).isEqualTo(allowed ? 204 : 403);
    assertThat(asked.headers("access-control-allow-origin")).hasSize(allowed ? 1 : 0);
    Response read = RawHttp.get(GATEWAY.port(), "/cors/app", "Origin: " + origin);
    assertThat(read.text()).isEqualTo("fine");
    assertThat(read.headers("access-control-allow-origin")).hasSize(allowed ? 1 : 0);
    assertThat(read.headers("access-control-expose-headers")).hasSize(allowed ? 1 : 0);
    assertThat(read.need("vary")).isEqualTo("Origin");
  }

  @Test
  void tooLargeRequestsAreRefused() throws Exception {
    String body = "x".repeat(1025);
    Response declared = RawHttp.callWithBody(GATEWAY.port(), "POST /limited/large", body);
    assertThat(declared.status()).isEqualTo(413);
    assertThat(declared.errorCode()).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(RawHttp.get(GATEWAY.port(), "/limited/" + "x".repeat(100)).status()).isEqualTo(414);
    assertThat(RawHttp.get(GATEWAY.port(), "/limited/y", "X-A: " + "x".repeat(1100)).status())
        .isEqualTo(431);
    assertThat(reached("GET", "/limited")).isFalse();
    assertThat(reached("POST", "/limited/large")).isFalse();
    assertThat(RawHttp.callWithBody(GATEWAY.port(), "POST /limited/x", body.substring(1)).text())
        .isEqualTo("fine");
  }

  @Test
  void aChunkedBodyIsCounted() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /limited/x", "Transfer-Encoding: chunked");
      http.send(Answer.chunk("x".repeat(1024))).send(Answer.chunk("y"));
      assertThat(http.response("POST").status()).isEqualTo(413);
    }
  }

  @Test
  void securityHeadersAreAddedAndSoftwareIsHidden() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/secure");
    assertThat(response.need("x-content-type-options")).isEqualTo("nosniff");
    assertThat(response.need("x-frame-options")).isEqualTo("DENY");
    assertThat(response.need("referrer-policy")).isEqualTo("no-referrer");
    assertThat(response.headers("strict-transport-security")).as("over http").isEmpty();
    assertThat(response.headers("x-powered-by")).isEmpty();
  }

  @Test
  void whatTheServiceSaysOfItselfIsTurnedBack() throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/moved/here", "Host: shop.example.com");
    assertThat(response.need("location")).isEqualTo("http://shop.example.com/moved/there?x=%2F");
    assertThat(response.need("set-cookie")).isEqualTo("s=1; Path=/moved; HttpOnly");
  }

  @ParameterizedTest
  @CsvSource({"zstd, zstd", "br, br", "'gzip, deflate, br, zstd', zstd", "'zstd;q=0, *', br"})
  void theNativeCodingsAreThere(String accepted, String used) throws Exception {
    Response response = RawHttp.get(GATEWAY.port(), "/packed/x", "Accept-Encoding: " + accepted);
    assertThat(response.need("content-encoding")).isEqualTo(used);
    assertThat(response.body().length).isLessThan(TEXT.length() / 10);
  }

  @Test
  void anAnswerIsCompressedForThoseWhoAsk() throws Exception {
    Response packed = RawHttp.get(GATEWAY.port(), "/packed/x", "Accept-Encoding: gzip");
    assertThat(packed.need("etag")).isEqualTo("W/\"v1\"");
    assertThat(packed.need("vary")).isEqualTo("Accept-Encoding");
    byte[] text = new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
    assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(TEXT);
    Response plain = RawHttp.get(GATEWAY.port(), "/packed/x");
    assertThat(plain.text()).isEqualTo(TEXT);
    assertThat(plain.need("etag")).isEqualTo("\"v1\"");
    assertThat(plain.need("vary")).isEqualTo("Accept-Encoding");
    Response small = RawHttp.get(GATEWAY.port(), "/packed/gzip", "Accept-Encoding: gzip");
    assertThat(small.headers("content-encoding")).isEmpty();
  }
}
