package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What of a service's own head the client gets to see. */
class ResponseRewritingIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private Answer get(String routeKeys, String... fields) throws IOException {
    RawUpstream service =
        edge.answering(
            "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n"
                + String.join("\r\n", fields)
                + "\r\n\r\n");
    edge.route(service, routeKeys, "");
    return edge.get("/svc/orders/1");
  }

  private static final String STRIP = "rewrite: {strip-prefix: /svc, reverse: true}";

  @Test
  void locationAndCookiePathComeBackFromTheStrippedPrefix() throws IOException {
    Answer answer =
        get(
            STRIP,
            "location: /login?next=%2Forders",
            "content-location: 1.json",
            "set-cookie: a=b; Path=/",
            "set-cookie: c=d; Path=/orders");

    assertThat(answer.field("location")).isEqualTo("/svc/login?next=%2Forders");
    assertThat(answer.field("content-location")).isEqualTo("1.json");
    assertThat(answer.field("set-cookie")).isEqualTo("a=b; Path=/svc,c=d; Path=/svc/orders");
  }

  @Test
  void theEndpointsOwnAddressBecomesTheGateways() throws IOException {
    RawUpstream[] self = new RawUpstream[1];
    self[0] =
        edge.service(
            wire -> {
              wire.readHead();
              wire.send(
                  EdgeFixture.head(
                      "HTTP/1.1 301 Moved",
                      "content-length: 0",
                      "location: http://127.0.0.1:" + self[0].port() + "/orders/2#top"));
              wire.awaitEnd();
            });
    edge.route(self[0], STRIP, "");

    assertThat(edge.get("/svc/orders/1").field("location"))
        .isEqualTo("http://gateway/svc/orders/2#top");
  }

  @Test
  void aTemplateIsTurnedBackWhereItFits() throws IOException {
    String template = "rewrite: {path: \"/internal/**\", reverse: true}";
    assertThat(get(template, "location: /internal/orders/2").field("location"))
        .isEqualTo("/svc/orders/2");
    assertThat(get(template, "location: /elsewhere").field("location")).isEqualTo("/elsewhere");
  }

  @Test
  void unlessTheRouteAsksNothingIsTurnedBack() throws IOException {
    Answer answer =
        get("rewrite: {strip-prefix: /svc}", "location: /login", "set-cookie: a=b; Path=/");
    assertThat(answer.field("location")).isEqualTo("/login");
    assertThat(answer.field("set-cookie")).isEqualTo("a=b; Path=/");
  }

  @Test
  void aRouteStillHasTheLastWord() throws IOException {
    Answer answer =
        get(
            STRIP
                + ", security-headers: default, response-headers: {set: {location: /mine, server:"
                + " us}, remove: [x-frame-options]}",
            "location: /login",
            "server: secret/1.0");
    assertThat(answer.field("location")).isEqualTo("/mine");
    assertThat(answer.field("server")).isEqualTo("us");
    assertThat(answer.field("x-frame-options")).isNull();
    assertThat(answer.field("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.field("strict-transport-security")).as("over http").isNull();
  }

  @Test
  void whatTheServiceRunsOnIsHiddenUnlessTheRouteSaysSo() throws IOException {
    Answer hidden = get("retry: {max-attempts: 1}", "server: secret/1.0", "x-powered-by: y");
    assertThat(hidden.field("server")).isNull();
    assertThat(hidden.field("x-powered-by")).isNull();
    assertThat(get("software-headers: pass", "server: secret/1.0").field("server"))
        .isEqualTo("secret/1.0");
  }
}
