package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Try;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndingTest {
  private static final Set<Integer> RELEASE_ON = Set.of(409, 425, 429, 503);

  private final GatewayExchange exchange = new VirtualTime().exchange(HttpMethod.POST, Body.EMPTY);

  private Try begun() {
    Try one = exchange.anotherTry(false);
    one.begun(Destinations.named("e"), 0);
    return one;
  }

  private Try sent() {
    Try one = begun();
    one.sends();
    return one;
  }

  private Try answered(int status) {
    Try one = sent();
    one.answered(status);
    return one;
  }

  private Try failed(Try one, FailureReason why) {
    one.failed(why);
    return one;
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 302, 400, 404, 422, 500, 501, 505, 599})
  void whatTheServiceSaidIsKept(int status) {
    assertThat(Ending.answered(status, RELEASE_ON, List.of(answered(status))))
        .isEqualTo(Ending.KEEP);
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 425, 429, 503})
  void whatSaysThatNothingWasDoneReleases(int status) {
    assertThat(Ending.answered(status, RELEASE_ON, List.of(answered(status))))
        .isEqualTo(Ending.RELEASE);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  void whatMayComeFromAHopIsUnknown(int status) {
    assertThat(Ending.answered(status, RELEASE_ON, List.of(answered(status))))
        .isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.answered(status, Set.of(status), List.of(answered(status))))
        .isEqualTo(Ending.RELEASE);
  }

  @Test
  void aTryThatMayHaveDoneItOutweighsOneThatDidNothing() {
    Try lost = failed(sent(), FailureReason.UPSTREAM_RESET);

    assertThat(Ending.answered(503, RELEASE_ON, List.of(lost, answered(503))))
        .isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.answered(200, RELEASE_ON, List.of(lost, answered(200))))
        .isEqualTo(Ending.KEEP);
  }

  @Test
  void whatCameBeforeOrAfterThePassedAnswerCountsToo() {
    Try lost = failed(sent(), FailureReason.UPSTREAM_RESET);

    assertThat(Ending.answered(500, RELEASE_ON, List.of(answered(500), lost)))
        .isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.answered(503, RELEASE_ON, List.of(answered(500), answered(503))))
        .isEqualTo(Ending.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureReason.class,
      names = {
        "UPSTREAM_CONNECTION_REFUSED",
        "UPSTREAM_TLS_FAILURE",
        "UPSTREAM_REFUSED",
        "POOL_EXHAUSTED"
      })
  void whatNeverReachedTheServiceReleases(FailureReason reason) {
    assertThat(Ending.failed(List.of(failed(begun(), reason)))).isEqualTo(Ending.RELEASE);
    assertThat(Ending.failed(List.of())).isEqualTo(Ending.RELEASE);
  }

  @Test
  void refusedAfterItWasSentReleasesToo() {
    assertThat(Ending.failed(List.of(failed(sent(), FailureReason.UPSTREAM_REFUSED))))
        .isEqualTo(Ending.RELEASE);
  }

  @Test
  void whatMayHaveReachedItIsUnknown() {
    Try cancelled = sent();
    cancelled.ended(Try.End.CANCELLED);
    Try broken = failed(answered(200), FailureReason.UPSTREAM_PREMATURE_END);
    Try refused = failed(begun(), FailureReason.UPSTREAM_CONNECTION_REFUSED);

    assertThat(Ending.failed(List.of(failed(sent(), FailureReason.UPSTREAM_RESET))))
        .isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.failed(List.of(cancelled))).isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.failed(List.of(broken))).isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.failed(List.of(sent()))).isEqualTo(Ending.UNKNOWN);
    assertThat(Ending.failed(List.of(cancelled, refused))).isEqualTo(Ending.UNKNOWN);
  }
}
