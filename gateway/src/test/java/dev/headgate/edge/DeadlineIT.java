package dev.headgate.edge;

import static dev.headgate.edge.EdgeFixture.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Answer;
import dev.headgate.testing.RawUpstream;
import dev.headgate.testing.Wire;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time a caller gives, and the time a service is told. */
class DeadlineIT {
  @RegisterExtension final EdgeFixture edge = new EdgeFixture();

  private Answer told(String routeKeys, String fields) throws Exception {
    RawUpstream answering = edge.answering(ok("ok"));
    edge.route(answering, routeKeys, "");
    edge.client().send("GET /svc/a HTTP/1.1\r\nhost: g\r\n" + fields + "\r\n").readAnswer();
    return answering.requests().get(0);
  }

  private static @Nullable Long millis(Answer request) {
    String value = request.field("x-request-timeout-ms");
    return value == null ? null : Long.valueOf(value);
  }

  @ParameterizedTest
  @CsvSource({
    "'timeout: {total: 10s}', '', 8000, 9750",
    "'timeout: {total: 10s}', 'x-request-timeout-ms: 5000', 3500, 4750",
    "'timeout: {total: 10s}', 'x-request-timeout-ms: 50000', 8000, 9750",
    "'timeout: {total: 10s}', 'x-request-timeout-ms: soon', 8000, 9750",
    "'timeout: {total: none}', 'x-request-timeout-ms: 5000', 3500, 4750",
    "'timeout: {total: 10s, per-try: 4s}', '', 2500, 3800",
    "'timeout: {total: 10s}', 'grpc-timeout: 5S', 3500, 4750",
  })
  void whatIsLeftIsTold(String routeKeys, String field, long least, long most) throws Exception {
    Answer request = told(routeKeys, field.isEmpty() ? "" : field + "\r\n");

    assertThat(millis(request)).isBetween(least, most);
    if (field.startsWith("grpc")) {
      assertThat(request.field("grpc-timeout")).isEqualTo(millis(request) + "m");
    } else {
      assertThat(request.field("grpc-timeout")).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "'x-request-timeout-ms: 0'", "'grpc-timeout: soon'"})
  void nothingIsToldWhereThereIsNoDeadline(String field) throws Exception {
    Answer request = told("timeout: {total: none}", field.isEmpty() ? "" : field + "\r\n");

    assertThat(request.field("x-request-timeout-ms")).isNull();
    assertThat(request.field("grpc-timeout")).isNull();
  }

  @Test
  void eachTryIsToldLess() throws Exception {
    AtomicReference<@Nullable String> first = new AtomicReference<>();
    AtomicReference<@Nullable String> second = new AtomicReference<>();
    edge.route(
        edge.service(
            wire -> {
              while (true) {
                String value = wire.readRequest().field("x-request-timeout-ms");
                if (first.compareAndSet(null, value)) {
                  wire.silentFor(300);
                  wire.send("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
                } else {
                  second.set(value);
                  wire.send(ok("ok"));
                }
              }
            }),
        "retry: {max-attempts: 2}, timeout: {total: 5s}",
        "");

    assertThat(edge.get("/svc/a").status()).isEqualTo(200);
    assertThat(Long.parseLong(String.valueOf(first.get())))
        .isGreaterThanOrEqualTo(Long.parseLong(String.valueOf(second.get())) + 250);
  }

  @Test
  void aCallersLimitEndsIt() throws Exception {
    edge.route(edge.service(Wire::awaitEnd), "timeout: {total: none}", "");

    Answer answer =
        edge.client()
            .send("GET /svc/a HTTP/1.1\r\nhost: g\r\nx-request-timeout-ms: 150\r\n\r\n")
            .readAnswer();

    assertThat(answer.status()).isEqualTo(504);
    assertThat(edge.record(0).flags()).containsExactly("DEADLINE_EXCEEDED");
  }
}
