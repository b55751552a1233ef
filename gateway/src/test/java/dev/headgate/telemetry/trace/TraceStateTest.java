package dev.headgate.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateTest {
  @Test
  void linesBecomeOneInTheirOrder() {
    assertThat(TraceState.read(List.of("foo=1,bar=2", "rojo=00f067aa0ba902b7")))
        .isEqualTo("foo=1,bar=2,rojo=00f067aa0ba902b7");
  }

  @Test
  void blanksAroundMembersAndEmptyMembersGo() {
    assertThat(TraceState.read(List.of("foo=1 \t , \t bar= 2 3, ,\t", "")))
        .isEqualTo("foo=1,bar= 2 3");
  }

  @Test
  void aKeyThatComesTwiceIsLeft() {
    assertThat(TraceState.read(List.of("foo=1,foo=2"))).isEqualTo("foo=1,foo=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "foo",
        "=1",
        "foo=",
        "foo =1",
        "FOO=1",
        "@foo=1",
        "fo.o=1",
        "foo=1=2",
        "foo=\u00e9",
        "-foo=1"
      })
  void oneThatIsNotValidIsNone(String line) {
    assertThat(TraceState.read(List.of(line))).isNull();
    assertThat(TraceState.read(List.of("ok=1," + line)))
        .isEqualTo(line.isEmpty() || line.equals(",") ? "ok=1" : null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1foo=1", "foo@=1", "a-b_c*d/e@f=!~", "tenant@system=t61rcWkgMzE"})
  void keysOfAllKinds(String line) {
    assertThat(TraceState.read(List.of(line))).isEqualTo(line);
  }

  @Test
  void limits() {
    assertThat(TraceState.read(List.of(members(32)))).isNotNull();
    assertThat(TraceState.read(List.of(members(33)))).isNull();
    assertThat(TraceState.read(List.of("k".repeat(256) + "=1"))).isNotNull();
    assertThat(TraceState.read(List.of("k".repeat(257) + "=1"))).isNull();
    assertThat(TraceState.read(List.of("k=" + "v".repeat(256)))).isNotNull();
    assertThat(TraceState.read(List.of("k=" + "v".repeat(257)))).isNull();
  }

  private static String members(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
  }

  /** However a list is cut into lines and padded, it is the same list. */
  @Test
  void isTheSameHoweverItIsCut() {
    Property.forAll(
        500,
        random -> {
          List<String> members = new ArrayList<>();
          List<String> lines = new ArrayList<>(List.of(""));
          for (int i = 0; i < 1 + random.nextInt(32); i++) {
            String member = "k" + random.nextInt(5) + "=" + random.nextInt();
            members.add(member);
            if (Property.chance(random, 30)) {
              lines.add("");
            }
            int last = lines.size() - 1;
            String padded = " ".repeat(random.nextInt(3)) + member + "\t".repeat(random.nextInt(2));
            lines.set(last, lines.get(last).isEmpty() ? padded : lines.get(last) + "," + padded);
          }
          assertThat(TraceState.read(lines)).isEqualTo(String.join(",", members));
        });
  }
}
