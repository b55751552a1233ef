package dev.headgate.policy.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  private static final List<Encoding> ALL = List.of(Encoding.ZSTD, Encoding.BR, Encoding.GZIP);

  private static String best(String field) {
    Encoding best =
        AcceptEncoding.best(Arrays.stream(field.split(",", -1)).map(String::trim).toList(), ALL);
    return best == null ? "-" : best.token();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | gzip",
        "GZip | gzip",
        "x-gzip | gzip",
        "gzip, deflate, br, zstd | zstd",
        "gzip, br | br",
        "gzip;q=1.0, br;q=0.9 | gzip",
        "gzip;q=0.001 | gzip",
        "gzip;q=0 | -",
        "gzip;q=0.000 | -",
        "* | zstd",
        "*;q=0.5, gzip | gzip",
        "zstd;q=0, * | br",
        "*;q=0 | -",
        "*;q=0, gzip | gzip",
        "identity | -",
        "identity, gzip;q=0.5 | -",
        "identity;q=0.5, gzip;q=0.5 | gzip",
        "identity;q=0, gzip | gzip",
        "identity;q=0 | -",
        "deflate, compress | -",
        "gzip ; q=0.5 | gzip",
        "gzip;Q=0.5, br;q=0.6 | br",
        "gzip;q=2 | -",
        "gzip;q=1.001 | -",
        "gzip;q=0.5555 | -",
        "gzip;q=x | -",
        "gzip;q= | -",
        "gzip;level=9 | -",
        "br;q=1.000 | br",
      })
  void theClientsWeightsDecideAndOurOrderWhereTheyAreEqual(String field, String best) {
    assertThat(best(field)).isEqualTo(best);
  }

  @Test
  void withoutTheFieldNothingIsAskedFor() {
    assertThat(AcceptEncoding.best(List.of(), ALL)).isNull();
    assertThat(AcceptEncoding.best(List.of("gzip"), List.of(Encoding.BR))).isNull();
  }

  @Test
  void neverGivesWhatTheClientRefuses() {
    Property.forAll(
        5_000,
        random -> {
          List<String> elements = new ArrayList<>();
          for (int i = random.nextInt(5); i >= 0; i--) {
            String coding =
                Property.oneOf(random, List.of("gzip", "br", "zstd", "*", "identity", "x"));
            elements.add(
                coding + Property.oneOf(random, List.of("", ";q=0", ";q=0.5", ";q=1", ";q=?")));
          }
          Encoding best = AcceptEncoding.best(elements, ALL);
          if (best != null) {
            String token = best.token();
            assertThat(elements)
                .as("%s of %s", best, elements)
                .anyMatch(
                    e ->
                        (e.startsWith(token) || e.startsWith("*"))
                            && !e.endsWith("q=0")
                            && !e.endsWith("?"));
          }
        });
  }
}
