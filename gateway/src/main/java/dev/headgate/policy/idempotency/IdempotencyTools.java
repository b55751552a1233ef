package dev.headgate.policy.idempotency;

import dev.headgate.exchange.Background;
import dev.headgate.telemetry.Decisions;
import java.util.random.RandomGenerator;

/**
 * What all routes share.
 *
 * @param random for tokens; safe for all threads
 * @param background hears of calls that outlive their clients
 */
record IdempotencyTools(
    IdempotencyStore store,
    RandomGenerator random,
    Background background,
    Decisions decisions,
    KeyMeters meters) {}
