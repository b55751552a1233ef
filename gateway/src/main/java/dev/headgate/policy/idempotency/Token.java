package dev.headgate.policy.idempotency;

import java.util.random.RandomGenerator;

/** Fences a claim: 128 random bits, never used twice. */
record Token(long high, long low) {
  static Token next(RandomGenerator random) {
    return new Token(random.nextLong(), random.nextLong());
  }
}
