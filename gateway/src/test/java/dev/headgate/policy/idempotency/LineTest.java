package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {
  private final Line<String> line = new Line<>();
  private final List<Line.Place<String>> places = new ArrayList<>();

  private List<String> rest() {
    List<String> all = new ArrayList<>();
    for (String next = line.first(); next != null; next = line.first()) {
      all.add(next);
      line.remove(places.get(next.charAt(0) - 'a'));
    }
    return all;
  }

  private void addThree() {
    for (String thing : List.of("a", "b", "c")) {
      places.add(line.add(thing));
    }
  }

  @Test
  void thingsStandInTheOrderInWhichTheyCame() {
    assertThat(line.first()).isNull();
    addThree();

    assertThat(rest()).containsExactly("a", "b", "c");
    assertThat(line.first()).isNull();
  }

  @Test
  void anyCanLeaveAndTheOthersStay() {
    addThree();
    line.remove(places.get(1));
    assertThat(rest()).containsExactly("a", "c");

    places.clear();
    addThree();
    line.remove(places.get(2));
    places.add(line.add("d"));
    assertThat(rest()).containsExactly("a", "b", "d");
  }

  @Test
  void whoHasLeftLeavesNoSecondTime() {
    addThree();
    line.remove(places.get(0));
    line.remove(places.get(1));

    line.remove(places.get(0));

    assertThat(rest()).containsExactly("c");
  }

  @Test
  void itIsWhatAListIs() {
    Property.forAll(
        300,
        random -> {
          Line<Integer> things = new Line<>();
          List<Integer> expected = new ArrayList<>();
          List<Line.Place<Integer>> standing = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 3) {
              expected.add(i);
              standing.add(things.add(i));
            } else {
              int one = random.nextInt(expected.size());
              expected.remove(one);
              things.remove(standing.remove(one));
            }
            assertThat(things.first()).isEqualTo(expected.isEmpty() ? null : expected.get(0));
          }
        });
  }
}
