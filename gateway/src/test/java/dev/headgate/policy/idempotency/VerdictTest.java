package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
  private static final Token TOKEN = new Token(1, 2);

  private static Fingerprint print(int head, @Nullable Integer body) {
    return new Fingerprint(bytes(head), body == null ? null : bytes(body));
  }

  private static byte[] bytes(int value) {
    byte[] bytes = new byte[Fingerprint.LENGTH];
    bytes[0] = (byte) value;
    return bytes;
  }

  private static List<Entry> all(Fingerprint print) {
    return List.of(
        new Entry.Running(print, TOKEN, Duration.ofSeconds(1)),
        new Entry.Unknown(print, TOKEN),
        new Entry.Completed(
            print,
            new StoredAnswer(
                200, EmptyHttpHeaders.INSTANCE, new byte[0], EmptyHttpHeaders.INSTANCE)),
        new Entry.NotStored(print));
  }

  private enum Service {
    TELLS_REPEATS,
    DOES_NOT
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  void anotherRequestsKeyIsReusedWhateverBecameOfIt(Service service) {
    boolean tells = service == Service.TELLS_REPEATS;
    assertThat(all(print(1, 1)))
        .allMatch(entry -> Verdict.of(entry, print(2, 1), tells) == Verdict.REUSED)
        .allMatch(entry -> Verdict.of(entry, print(1, 2), tells) == Verdict.REUSED)
        .allMatch(entry -> Verdict.of(entry, print(2, null), tells) == Verdict.REUSED);
  }

  @Test
  void aRepeatGetsWhatThereIs() {
    assertThat(all(print(1, 1)))
        .extracting(entry -> Verdict.of(entry, print(1, 1), false))
        .containsExactly(
            Verdict.IN_PROGRESS, Verdict.OUTCOME_UNKNOWN, Verdict.REPLAY, Verdict.NOT_STORED);
  }

  @Test
  void onlyTheUnknownRunsAgainAndOnlyWhereTheServiceTellsRepeats() {
    assertThat(all(print(1, 1)))
        .extracting(entry -> Verdict.of(entry, print(1, 1), true))
        .containsExactly(
            Verdict.IN_PROGRESS, Verdict.RUN_AGAIN, Verdict.REPLAY, Verdict.NOT_STORED);
  }

  @Test
  void aBodyThatEitherDoesNotKnowDiffersInNothing() {
    assertThat(all(print(1, null)))
        .noneMatch(entry -> Verdict.of(entry, print(1, 7), false) == Verdict.REUSED);
    assertThat(all(print(1, 7)))
        .noneMatch(entry -> Verdict.of(entry, print(1, null), false) == Verdict.REUSED);
  }
}
