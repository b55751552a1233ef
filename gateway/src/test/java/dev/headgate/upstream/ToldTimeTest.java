package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

/** The time a service has, in the words of both protocols. */
class ToldTimeTest {
  private final HttpHeaders headers = new DefaultHttpHeaders();

  private RequestHead head(long toldMillis) {
    return new RequestHead(
        HttpMethod.GET, "http", "svc", "/", headers, 0, toldMillis, false, null, fields -> {});
  }

  @Test
  void ofTheGatewaysOwn() {
    HttpHeaders one = Http1RequestHead.headers(head(950));
    Http2Headers two = Http2RequestHead.headers(head(950));

    assertThat(one.get("x-request-timeout-ms")).isEqualTo("950");
    assertThat(one.contains("grpc-timeout")).isFalse();
    assertThat(two.get("x-request-timeout-ms")).hasToString("950");
    assertThat(two.contains("grpc-timeout")).isFalse();
    assertThat(headers.isEmpty()).as("the exchange's own").isTrue();
  }

  @Test
  void inThePlaceOfTheCallers() {
    headers.add("X-Request-Timeout-Ms", "1000").add("X-Request-Timeout-Ms", "1200");
    headers.add("Grpc-Timeout", "1S");

    HttpHeaders one = Http1RequestHead.headers(head(950));
    Http2Headers two = Http2RequestHead.headers(head(950));

    assertThat(one.getAll("x-request-timeout-ms")).containsExactly("950");
    assertThat(one.getAll("grpc-timeout")).containsExactly("950m");
    assertThat(two.getAll("x-request-timeout-ms")).hasSize(1);
    assertThat(two.getAll("grpc-timeout")).hasToString("[950m]");
  }

  @Test
  void notAtAllWhereThereIsNone() {
    assertThat(Http1RequestHead.headers(head(0)).contains("x-request-timeout-ms")).isFalse();
    assertThat(Http2RequestHead.headers(head(0)).contains("x-request-timeout-ms")).isFalse();
  }
}
