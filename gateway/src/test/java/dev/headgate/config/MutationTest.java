package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to a good document, there is an answer: a set, or problems, each with its place.
 */
@Timeout(120)
class MutationTest {
  private static final int ROUNDS = 20_000;
  private static final String[] SNIPPETS = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ", ",
    "- ",
    "\n",
    "  ",
    "\t",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!x ",
    "|",
    ">",
    "?",
    "\"",
    "'",
    "\\",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "null",
    "~",
    "0",
    "-1",
    "1e9",
    "999999999999999999999",
    "none",
    "\u0000",
    "\uFEFF",
    "\uD83D\uDE00",
    "\u2028",
    "x".repeat(300),
    "\"\\U00110000\"",
    "[".repeat(60),
    "? ? "
  };

  @Test
  void answersAnyMutationWithASetOrWithPlacedProblems() throws IOException {
    long seed = Long.getLong("headgate.seed", 20261122L);
    Random random = new Random(seed);
    List<byte[]> good = new ArrayList<>();
    for (String name :
        List.of("defaults", "hosts", "yaml-words", "timeouts-unwritten", "versioning")) {
      good.add(Files.readAllBytes(Path.of("src/test/resources/config", name + ".yml")));
    }
    ConfigLoader loader = Keys.loader();
    int sets = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] mutant = mutate(good.get(random.nextInt(good.size())), random);
      LoadResult result = load(loader, mutant, seed, round);

      assertThat(result.set() == null)
          .as("seed %d round %d", seed, round)
          .isEqualTo(result.problems().stream().anyMatch(ConfigProblem::isError));
      assertThat(result.problems())
          .as("seed %d round %d", seed, round)
          .isSorted()
          .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("\n", "\u0000"));
      sets += result.set() == null ? 0 : 1;
    }
    // Both ends are reached, or the mutations prove nothing.
    assertThat(sets).isBetween(ROUNDS / 100, ROUNDS * 99 / 100);
  }

  private static LoadResult load(ConfigLoader loader, byte[] mutant, long seed, int round) {
    try {
      return loader.load(List.of(new ConfigFile("routes/r.yml", mutant)));
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(
          "seed " + seed + " round " + round + ":\n" + new String(mutant, StandardCharsets.UTF_8),
          e);
    }
  }

  private static byte[] mutate(byte[] good, Random random) {
    StringBuilder text = new StringBuilder(new String(good, StandardCharsets.UTF_8));
    for (int n = random.nextInt(3); n >= 0; n--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
        case 2 -> text.replace(at, end, SNIPPETS[random.nextInt(SNIPPETS.length)]);
        default ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
