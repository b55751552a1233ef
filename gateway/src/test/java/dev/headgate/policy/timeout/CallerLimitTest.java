package dev.headgate.policy.timeout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.TimeoutFields;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerLimitTest {
  private final HttpHeaders headers = new DefaultHttpHeaders();

  private long told(String name, String... values) {
    headers.set(name, List.of(values));
    return CallerLimit.take(headers);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "250, 250", "007, 7", "86400000, 86400000"})
  void millisecondsAsWritten(String value, long millis) {
    assertThat(told("X-Request-Timeout-Ms", value))
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
    assertThat(headers.contains(TimeoutFields.REQUEST_TIMEOUT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "+1",
        "1.5",
        "1s",
        "1 ",
        "1,2",
        "",
        "0x10",
        "1e3",
        "86400001",
        "999999999",
        "1000000000",
        "99999999999999999999",
        "\u0663"
      })
  void whatIsNoSaneNumberSaysNothingAndGoesNoFurther(String value) {
    assertThat(told("x-request-timeout-ms", value)).isEqualTo(CallerLimit.NONE);
    assertThat(headers.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1H, 3600000000000",
    "2M, 120000000000",
    "3S, 3000000000",
    "10m, 10000000",
    "5u, 5000",
    "7n, 7",
    "99999999m, NONE",
    "00000001S, 1000000000",
    "0n, 0",
    "0S, 0",
    "24H, 86400000000000",
    "25H, NONE",
    "99999999H, NONE",
    "123456789n, NONE",
    "S, NONE",
    "1, NONE",
    "1s, NONE",
    "1h, NONE",
    "1 S, NONE",
    "-1S, NONE",
    "1.5S, NONE",
  })
  void theFormatOfGrpc(String value, String nanos) {
    assertThat(told("grpc-timeout", value))
        .isEqualTo(nanos.equals("NONE") ? CallerLimit.NONE : Long.parseLong(nanos));
    assertThat(headers.isEmpty()).isEqualTo(nanos.equals("NONE"));
  }

  @Test
  void theLeastOfAllCounts() {
    headers.set(TimeoutFields.GRPC_TIMEOUT, "2S");

    assertThat(told("x-request-timeout-ms", "3000", "nonsense", "1500"))
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(1500));
  }
}
