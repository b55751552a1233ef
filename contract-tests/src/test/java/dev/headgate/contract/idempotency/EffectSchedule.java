package dev.headgate.contract.idempotency;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong and when, as a seed has it.
 *
 * @param steps one after another, endlessly many for all that matters
 */
record EffectSchedule(List<Step> steps) {
  private static final int LENGTH = 10_000;

  /** What can be done to the machines. */
  enum Blow {
    KILL_GATEWAY,
    STOP_GATEWAY,
    CUT_CONNECTIONS,
    KILL_REDIS,
    STOP_REDIS,
    KILL_REDIS_AND_PROMOTE,
    STOP_REDIS_AND_PROMOTE,
    KILL_REPLICA
  }

  /**
   * One blow.
   *
   * @param pause before it, in milliseconds
   * @param gateway which of the two, where it is one
   * @param length of what can be long or short, in milliseconds
   */
  record Step(int pause, Blow blow, int gateway, int length) {
    @Override
    public String toString() {
      return "+" + pause + " " + blow + " " + (gateway + 1) + " " + length;
    }
  }

  /** Every kind comes in each round; the order, the pauses and lengths differ. */
  static EffectSchedule of(long seed) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    while (steps.size() < LENGTH) {
      List<Blow> round = new ArrayList<>(List.of(Blow.values()));
      Collections.shuffle(round, random);
      for (Blow blow : round) {
        int pause = 300 + random.nextInt(2_500);
        int longest = blow == Blow.STOP_GATEWAY ? 9_000 : 1_500;
        steps.add(new Step(pause, blow, random.nextInt(2), 50 + random.nextInt(longest)));
      }
    }
    return new EffectSchedule(List.copyOf(steps));
  }
}
