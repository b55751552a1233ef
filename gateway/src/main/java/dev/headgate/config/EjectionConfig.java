package dev.headgate.config;

import java.time.Duration;

/**
 * When an endpoint that fails gets no requests for a while.
 *
 * @param consecutiveFailures as many in a row eject; 1 to 1000
 * @param base how long the first time; n times that the n-th time; 100ms to 24h
 * @param max never longer; from base to 24h
 * @param maxEjected percent of an upstream's endpoints that may be ejected at once, 0 to 100; one
 *     of two or more may always be, the last never
 */
public record EjectionConfig(
    int consecutiveFailures, Duration base, Duration max, double maxEjected) {}
