package dev.headgate.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.ExchangeRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessLineEncoderTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AccessLineEncoder encoder = new AccessLineEncoder(out);

  @Test
  void aLineTellsEverything() throws IOException {
    encoder.write(
        new AccessRecord(
            1_700_000_000_123L,
            "id-1",
            "0af7651916cd43dd8448eb211c80319c",
            "10.0.0.1",
            "GET",
            "/a?b=*",
            "users",
            "2",
            "accept",
            "users-v2",
            "users:80",
            2,
            200,
            List.of("UPSTREAM_RESET", "CLIENT_ABORTED"),
            List.of("retry:503"),
            new ExchangeRecord.Keyed("charge:x", "replayed"),
            new ExchangeRecord.Cached("stale", -3L, "Headgate; hit; ttl=-3"),
            3,
            4,
            1_500,
            900));
    encoder.flush();

    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "{\"time\":\"2023-11-14T22:13:20.123Z\",\"id\":\"id-1\","
                + "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"client\":\"10.0.0.1\","
                + "\"method\":\"GET\",\"path\":\"/a?b=*\",\"route\":\"users\",\"version\":\"2\","
                + "\"versionFrom\":\"accept\","
                + "\"upstream\":\"users-v2\",\"endpoint\":\"users:80\",\"attempts\":2,"
                + "\"status\":200,\"flags\":[\"UPSTREAM_RESET\",\"CLIENT_ABORTED\"],\"decisions\":[\"retry:503\"],"
                + "\"idempotency\":{\"key\":\"charge:x\",\"outcome\":\"replayed\"},\"cache\":{\"result\":\"stale\",\"ttl\":-3},"
                + "\"bytesIn\":3,\"bytesOut\":4,\"totalMs\":1.5,\"upstreamMs\":0.9}\n");
  }

  @Test
  void whatIsNotKnownIsNull() throws IOException {
    encoder.write(AccessRecords.path("/"));
    encoder.flush();

    assertThat(out.toString(UTF_8))
        .contains("\"traceId\":null", "\"route\":null", "\"endpoint\":null", "\"upstreamMs\":null")
        .contains("\"flags\":[]");
  }

  @Test
  void whatAClientSentCannotBreakTheLine() throws IOException {
    encoder.write(AccessRecords.path("/\"}\n{\\\u0001\u2028ü"));
    encoder.flush();

    String line = out.toString(UTF_8);
    assertThat(line.lines()).hasSize(1);
    assertThat(line).contains("\"path\":\"/\\\"}\\n{\\\\\\u0001");
  }

  @Test
  void whatIsResetIsNotWritten() throws IOException {
    encoder.write(AccessRecords.path("/lost"));
    encoder.reset();
    encoder.write(AccessRecords.path("/kept"));
    encoder.flush();
    encoder.flush();

    assertThat(out.toString(UTF_8)).contains("/kept").doesNotContain("/lost");
    assertThat(out.toString(UTF_8).lines()).hasSize(1);
  }
}
