package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configuration in, problems or decoded records out. A case is {@code NAME.yml} and {@code
 * NAME.out}; a line {@code #### routes/a.yml} in the former begins a file. Run with {@code
 * -Dheadgate.regenerate=true} to write what comes out, then read the difference.
 */
class GoldenTest {
  private static final Path CASES = Path.of("src/test/resources/config");

  /** Codes whose problems do not come from here, or are shown by a test of their own. */
  private static final Set<ProblemCode> ELSEWHERE =
      EnumSet.of(
          ProblemCode.TIED_ROUTES,
          ProblemCode.BAD_BUNDLE,
          ProblemCode.UNREACHABLE_ROUTE,
          ProblemCode.TRIES_EXCEED_TOTAL,
          ProblemCode.UNSAFE_HEDGE,
          ProblemCode.UNSAFE_RETRY,
          ProblemCode.IDEMPOTENCY_EMBEDDED_STORE,
          ProblemCode.IDEMPOTENCY_NO_PRINCIPAL,
          ProblemCode.FILE_TOO_LARGE,
          ProblemCode.UNREADABLE,
          ProblemCode.VERSION_SUNSET);

  static Stream<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yml"))
          .map(name -> name.substring(0, name.length() - 4))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatStandsBesideIt(String name) throws IOException {
    String actual = render(Keys.loader().load(files(name)));

    Path expected = CASES.resolve(name + ".out");
    if (Boolean.getBoolean("headgate.regenerate")) {
      Files.writeString(expected, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  @Test
  void showsEveryCode() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : cases().toList()) {
      all.append(Files.readString(CASES.resolve(name + ".out")));
    }
    assertThat(EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)))
        .allSatisfy(code -> assertThat(all).contains(": " + code + " "));
  }

  static List<ConfigFile> files(String name) throws IOException {
    String text = Files.readString(CASES.resolve(name + ".yml"));
    List<ConfigFile> files = new ArrayList<>();
    for (String part : text.split("(?m)^#### ", -1)) {
      int end = part.indexOf('\n');
      if (!part.isBlank()) {
        files.add(ConfigFile.of(part.substring(0, end), part.substring(end + 1)));
      }
    }
    return files;
  }

  private static String render(LoadResult result) {
    List<String> lines = new ArrayList<>();
    result.problems().forEach(problem -> lines.add(problem.toString()));
    ConfigSet set = result.set();
    if (set != null) {
      set.upstreams().values().forEach(one -> lines.add(one.toString()));
      set.routes().values().forEach(one -> lines.add(one.toString()));
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }
}
