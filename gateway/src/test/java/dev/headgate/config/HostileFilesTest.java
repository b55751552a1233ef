package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that nobody writes on purpose, or only on purpose. */
@Timeout(20)
class HostileFilesTest {
  private static final String GOOD = "routes: {r: {match: {path: /r}, respond: {body: x}}}\n";

  @Test
  void skipsAByteOrderMark() {
    LoadResult result = load(ConfigFile.of("routes/r.yml", "\uFEFF" + GOOD));

    assertThat(result.problems()).isEmpty();
    assertThat(Objects.requireNonNull(result.set()).markOf("routes", "r"))
        .hasToString("routes/r.yml:1:10");
  }

  @Test
  void refusesTextThatIsNoUtf8AndSaysWhere() {
    byte[] bytes = GOOD.replace("body: x", "body: \u00e9").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(problems(new ConfigFile("routes/r.yml", bytes)))
        .containsExactly("routes/r.yml:1:49: BAD_YAML the byte 0xE9 is no UTF-8 here");
  }

  @Test
  void refusesUtf16() {
    byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_16);

    assertThat(problems(new ConfigFile("routes/r.yml", bytes)))
        .containsExactly("routes/r.yml:1:1: BAD_YAML the byte 0xFE is no UTF-8 here");
  }

  @Test
  void refusesControlCharactersAndSaysWhere() {
    assertThat(problems(ConfigFile.of("routes/r.yml", "# fine\n# \u0001\n" + GOOD)))
        .containsExactly("routes/r.yml:2:3: BAD_YAML the character U+0001 may not stand in YAML");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\\x", "\"\\u12", "\"\\UFFFFFFFF\"", "\"\\U00110000\""})
  void refusesEscapesOfNoCharacterAndSaysWhere(String scalar) {
    assertThat(problems(ConfigFile.of("routes/r.yml", "# fine\nroutes: " + scalar)))
        .singleElement()
        .asString()
        .startsWith("routes/r.yml:2:")
        .contains("BAD_YAML");
  }

  @Test
  void refusesBinaryContent() {
    byte[] zeros = new byte[4096];

    assertThat(problems(new ConfigFile("routes/r.yml", zeros)))
        .containsExactly("routes/r.yml:1:1: BAD_YAML the character U+0000 may not stand in YAML");
  }

  @Test
  void refusesAFileBeyondTheLimitWithoutReadingIt() {
    byte[] large = new byte[50 << 20];
    Arrays.fill(large, (byte) 'a');

    assertThat(problems(new ConfigFile("routes/r.yml", large)))
        .containsExactly(
            "routes/r.yml:1:1: FILE_TOO_LARGE 52428800 bytes (expected: at most 16777216, which is"
                + " 16MiB, in one file)");
  }

  @Test
  void refusesTooManyValues() {
    String many = "routes: [" + "a,".repeat(1_100_000) + "a]";

    assertThat(problems(ConfigFile.of("routes/r.yml", many)))
        .singleElement()
        .asString()
        .contains("FILE_TOO_LARGE too many values (expected: at most 1000000 keys");
  }

  @Test
  void refusesAnAliasBombAtOnce() {
    StringBuilder bomb = new StringBuilder("a: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("b" + i + ": &a" + i + " [" + (alias + ",").repeat(9) + alias + "]\n");
    }
    long start = System.nanoTime();

    assertThat(problems(ConfigFile.of("routes/bomb.yml", bomb.toString())))
        .singleElement()
        .asString()
        .startsWith("routes/bomb.yml:6:")
        .contains(": ALIAS_LIMIT too many values through aliases (expected: at most 1000000 keys");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void refusesABombOfMergeKeys() {
    StringBuilder bomb = new StringBuilder("a: &a0 {x: 1, y: 2}\n");
    for (int i = 1; i < 40; i++) {
      bomb.append(
          "b" + i + ": &a" + i + " {<<: [*a" + (i - 1) + ", *a" + (i - 1) + "], k" + i + ": 1}\n");
    }

    assertThat(problems(ConfigFile.of("routes/bomb.yml", bomb.toString())))
        .singleElement()
        .asString()
        .contains(": ALIAS_LIMIT ");
  }

  @Test
  void followsAliasesInOrdinaryUse() {
    StringBuilder text = new StringBuilder("routes:\n");
    text.append("  r0: {match: {path: /0}, respond: {}, timeout: &t {total: 3s, idle: 5s}}\n");
    for (int i = 1; i < 5000; i++) {
      text.append("  r" + i + ": {match: {path: /" + i + "}, respond: {}, timeout: *t}\n");
    }

    LoadResult result = load(ConfigFile.of("routes/r.yml", text.toString()));

    assertThat(result.problems()).isEmpty();
    assertThat(Objects.requireNonNull(result.set()).routes()).hasSize(5000);
  }

  @Test
  void reportsAProblemBehindAnAliasOnceWhereItWasWritten() {
    String text =
        """
        routes:
          a: {match: {path: /a}, respond: {}, timeout: &t {total: 3}}
          b: {match: {path: /b}, respond: {}, timeout: *t}
        """;

    assertThat(problems(ConfigFile.of("routes/r.yml", text)))
        .containsExactly(
            "routes/r.yml:2:59: MISSING_UNIT timeout.total: \"3\" has no unit (expected: a duration"
                + " such as 500ms, 3s, 5m)");
  }

  @Test
  void readsOtherFilesBesideABrokenOne() {
    List<String> problems =
        problems(
            ConfigFile.of("routes/b.yml", "routes: {"),
            ConfigFile.of(
                "routes/a.yml", "routes: {r: {match: {path: /r}, respond: {status: 1}}}"));

    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("routes/a.yml:1:51: OUT_OF_RANGE");
    assertThat(problems.get(1)).startsWith("routes/b.yml:1:10: BAD_YAML");
  }

  @Test
  void doesNotCallAnUpstreamMissingThatABrokenFileMayDeclare() {
    List<String> problems =
        problems(
            ConfigFile.of("routes/r.yml", "routes: {r: {match: {path: /r}, upstream: u}}"),
            ConfigFile.of("upstreams/u.yml", "upstreams: {u: {"));

    assertThat(problems).singleElement().asString().contains(" BAD_YAML ");
  }

  @Test
  void readsAnEmptySetAsASetWithoutRoutes() {
    LoadResult result = load();

    assertThat(result.set()).isNull();
    assertThat(result.problems())
        .extracting(ConfigProblem::code)
        .containsExactly(ProblemCode.NO_ROUTES);
  }

  @Test
  void takesOrRefusesValuesOfAnyLength() {
    String document =
        """
        upstreams:
          u: {endpoints: ["http://h%s", "%s"], host: "%s", connect-timeout: "%s", share: "%s"}
        routes:
          r:
            match:
              path: "/%s"
              hosts: ["%s"]
              methods: ["%s"]
              headers: {"%s": a, x: {regex: "%s"}, y: "%s"}
              query: {"%s": "%s"}
            priority: %s
            upstream: "%s"
            rewrite: {path: "/%s"}
            buffer: "%s"
            request-headers: {set: {a: "%s"}}
        """;
    int places = document.split("%s", -1).length - 1;
    for (String piece : List.of("a", "(", "/a", "%41", ".", "[", "9", " ", "(a|b)*", "é")) {
      Object[] values = new Object[places];
      Arrays.fill(values, piece.repeat(100_000));

      LoadResult result =
          load(ConfigFile.of("routes/r.yml", String.format(Locale.ROOT, document, values)));

      assertThat(result.problems())
          .as(piece)
          .isNotEmpty()
          .allSatisfy(problem -> assertThat(problem.message().length()).isLessThan(300_000));
    }
  }

  @Test
  void answersSoonWhereEveryReferenceDangles() {
    StringBuilder text = new StringBuilder("upstreams:\n");
    for (int i = 0; i < 5000; i++) {
      text.append("  upstream-number-" + i + ": {endpoints: [http://h]}\n");
    }
    text.append("routes:\n");
    for (int i = 0; i < 5000; i++) {
      text.append(
          "  r" + i + ": {match: {path: /" + i + "}, upstream: upstream-nummer-" + i + "}\n");
    }

    assertThat(problems(ConfigFile.of("routes/r.yml", text.toString()))).hasSize(10_000);
  }

  @Test
  void shortensLongValuesInMessages() {
    String text =
        "routes: {r: {match: {path: /r}, respond: {}, priority: " + "9".repeat(9000) + "}}";

    assertThat(problems(ConfigFile.of("routes/r.yml", text)))
        .singleElement()
        .satisfies(line -> assertThat(line.length()).isLessThan(200));
  }

  private static LoadResult load(ConfigFile... files) {
    return Keys.loader().load(List.of(files));
  }

  private static List<String> problems(ConfigFile... files) {
    LoadResult result = load(files);
    assertThat(result.set()).isNull();
    List<String> lines = new ArrayList<>();
    result.problems().forEach(problem -> lines.add(problem.toString()));
    return lines;
  }
}
