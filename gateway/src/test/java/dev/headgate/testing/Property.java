package dev.headgate.testing;

import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Checks a property on random cases. Each case has a seed of its own, which a failure names: run
 * that case alone with {@code -Dheadgate.seed=N}.
 */
public final class Property {
  public static final String SEED = "headgate.seed";

  private Property() {}

  public static void forAll(int cases, Consumer<Random> property) {
    String given = System.getProperty(SEED);
    if (given != null) {
      property.accept(new Random(Long.parseLong(given)));
      return;
    }
    SecureRandom seeds = new SecureRandom();
    for (int i = 0; i < cases; i++) {
      long seed = seeds.nextLong();
      try {
        property.accept(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("again with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  public static <E> E oneOf(Random random, List<E> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  public static boolean chance(Random random, int percent) {
    return random.nextInt(100) < percent;
  }
}
