package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More than the process was told to take. */
@Once
class OverloadIT {
  private static final CountDownLatch GO_ON = new CountDownLatch(1);

  private static final ScriptedUpstream UPSTREAM =
      ScriptedUpstream.playing(
          connection -> {
            for (Received next = connection.read(); next != null; next = connection.read()) {
              if (next.target().equals("/wait")) {
                GO_ON.await();
              }
              connection.write(Answer.ok("fine"));
            }
          });

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"),
          "--headgate.overload.max-in-flight=1",
          "--headgate.http.max-connections=4",
          "--headgate.http.header-timeout=700ms");

  @Test
  void whatIsTooMuchIsRefusedAndEverythingElseGoesOn() throws Exception {
    GatewayProcess gateway = GATEWAY.process();
    try (RawHttp running = RawHttp.to(GATEWAY.port());
        RawHttp other = RawHttp.to(GATEWAY.port())) {
      UPSTREAM.forget();
      running.request("GET /wait");
      UPSTREAM.take();

      Response refused = other.request("GET /a").response("GET");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.errorCode()).isEqualTo("OVERLOADED");
      assertThat(refused.need("retry-after")).isEqualTo("1");
      assertThat(gateway.readiness()).as("the admin port knows no such limit").isEqualTo(200);
      assertThat(gateway.metrics())
          .contains("headgate_overloaded{limit=\"in_flight\"} 1.0")
          .contains("headgate_overloaded{limit=\"direct_memory\"} 0.0")
          .contains("headgate_overload_refused_total 1.0")
          .contains("headgate_requests_in_flight 1.0")
          .containsPattern("headgate_direct_memory_used_bytes [1-9]");

      GO_ON.countDown();
      assertThat(running.response("GET").text()).isEqualTo("fine");
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(other.request("GET /a").response("GET").text()).isEqualTo("fine"));
    }
  }

  @Test
  void connectionsAreLimitedToo() throws Exception {
    RawHttp[] open = new RawHttp[4];
    for (int i = 0; i < open.length; i++) {
      open[i] = RawHttp.to(GATEWAY.port());
    }
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              try (RawHttp surplus = RawHttp.to(GATEWAY.port())) {
                surplus.readTimeout(Duration.ofMillis(500));
                assertThat(surplus.response("GET").status()).isEqualTo(503);
              }
            });
    for (RawHttp connection : open) {
      assertThat(connection.endsWithin(Duration.ofSeconds(5))).as("it said nothing").isTrue();
      connection.close();
    }
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(RawHttp.get(GATEWAY.port(), "/a").text()).isEqualTo("fine"));
    assertThat(GATEWAY.process().metrics())
        .containsPattern("headgate_connections_refused_total\\{reason=\"max_connections\"} [1-9]");
  }

  @Test
  void aSlowHeadIsEndedWhileOthersAreServed() throws Exception {
    try (RawHttp slow = RawHttp.to(GATEWAY.port())) {
      slow.send("GET /a HTTP/1.1\r\nHost: a\r\nX: ");
      assertThat(RawHttp.get(GATEWAY.port(), "/a").text()).isEqualTo("fine");
      assertThat(slow.response("GET").status()).isEqualTo(408);
      assertThat(slow.endsWithin(Duration.ofSeconds(3))).isTrue();
    }
  }
}
