package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTest {
  private static long age(long tookMillis, String... lines) {
    return Head.of(200, fields(lines), Vary.NOTHING, fresh(60), NOW - tookMillis, NOW, Set.of())
        .initialAge();
  }

  // RFC 9111 section 4.2.3: the greater of the apparent age and the told one with the delay.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | x: y | x: y | 0",
        "1500 | x: y | x: y | 1500",
        "0 | age: 7 | x: y | 7000",
        "1500 | age: 7 | x: y | 8500",
        "1500 | date: Mon, 01 Jun 2026 11:59:50 GMT | x: y | 10000",
        "1500 | date: Mon, 01 Jun 2026 11:59:50 GMT | age: 9 | 10500",
        "1500 | date: Mon, 01 Jun 2026 11:59:50 GMT | age: 8 | 10000",
        "0 | date: Mon, 01 Jun 2026 12:00:50 GMT | x: y | 0",
        "0 | date: Mon, 01 Jun 2026 12:00:50 GMT | age: 5 | 5000",
        "0 | date: yesterday | x: y | 0",
        // The asking clock was set back meanwhile.
        "-1500 | age: 7 | x: y | 7000",
        // RFC 9111 section 5.1: the first one of several; what cannot be read is not there.
        "0 | age: 7, 9 | x: y | 7000",
        "0 | age: 7 | age: 9 | 7000",
        "0 | age: 7,9 | x: y | 7000",
        "0 | age: x | x: y | 0",
        "0 | age: -7 | x: y | 0",
        "0 | age: 1.5 | x: y | 0",
        "0 | age: | x: y | 0",
        "0 | age: 99999999999 | x: y | 2147483648000",
      })
  void theAgeItHasWhenItComes(long took, String one, String other, long age) {
    assertThat(age(took, one, other)).isEqualTo(age);
  }

  @Test
  void withoutADateItWasMadeWhenItCame() {
    assertThat(Head.made(fields(), NOW)).isEqualTo(NOW / 1000);
    assertThat(Head.made(fields("date: x"), NOW)).isEqualTo(NOW / 1000);
    assertThat(Head.made(fields("date: Sun, 06 Nov 1994 08:49:37 GMT"), NOW)).isEqualTo(784111777);
  }

  @Test
  void noClockMakesItYoungerThanItWas() {
    Property.forAll(
        3_000,
        random -> {
          String age =
              "age: " + Property.oneOf(random, List.of("0", "5", "x", "99999999999", "-1"));
          String date = "date: " + HttpDates.text(NOW + random.nextInt(-100_000, 100_000));
          Head head =
              Head.of(
                  200,
                  fields(age, date),
                  Vary.NOTHING,
                  fresh(random.nextInt(100)),
                  NOW - random.nextInt(-5_000, 5_000),
                  NOW,
                  Set.of());
          Stored stored = Samples.stored(head, "a");
          if (Property.chance(random, 20)) {
            stored = stored.stale(NOW + random.nextInt(10_000));
          }
          assertThat(head.initialAge()).isNotNegative();
          Stored.Use before = stored.useAt(NOW - random.nextInt(5_000));
          long now = NOW;
          for (int i = 0; i < 10; i++) {
            now += random.nextInt(5_000);
            Stored.Use use = stored.useAt(now);
            assertThat(use.age()).isNotNegative().isGreaterThanOrEqualTo(before.age());
            assertThat(use.ttl()).isLessThanOrEqualTo(before.ttl());
            assertThat(use.stale()).isGreaterThanOrEqualTo(before.stale());
            assertThat(use.ttl() > 0 ? use.stale() : -use.stale()).isNotPositive();
            before = use;
          }
        });
  }
}
