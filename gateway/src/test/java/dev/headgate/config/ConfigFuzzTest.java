package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Files and values that anybody may have written: read, or refused with a place and a reason. */
class ConfigFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void aFileIsReadOrRefused(byte[] octets) {
    YamlReader.Documents documents = YamlReader.read(new ConfigFile("routes/r.yml", octets));
    assertThat(documents.usable() || !documents.problems().isEmpty()).isTrue();
    for (ConfigProblem problem : documents.problems()) {
      assertThat(problem.toString()).startsWith("routes/r.yml:");
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aQuantityIsReadAsItIsWritten(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    List<String> refusals = new ArrayList<>();
    Refusal refusal = (code, reason) -> refusals.add(reason);
    Duration most = Duration.ofDays(365);
    Duration duration = Quantities.duration(text, Duration.ZERO, most, refusal);
    assertThat(duration == null).isEqualTo(refusals.size() == 1);
    if (duration != null) {
      String written = Quantities.format(duration);
      assertThat(Quantities.duration(written, Duration.ZERO, most, refusal)).isEqualTo(duration);
    }
    refusals.clear();
    Long size = Quantities.size(text, 0, 1L << 40, refusal);
    assertThat(size == null).isEqualTo(refusals.size() == 1);
    if (size != null) {
      String written = Quantities.formatSize(size);
      assertThat(Quantities.size(written, 0, 1L << 40, refusal)).isEqualTo(size);
    }
    refusals.clear();
    Double percent = Quantities.percent(text, 0, 100, refusal);
    assertThat(percent == null).isEqualTo(refusals.size() == 1);
  }
}
