package dev.headgate.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests are spread over an upstream's endpoints, and which of them are left out.
 *
 * @param method round robin unless written
 * @param slowStart how long an endpoint that has joined or come back takes to get its full share;
 *     1s to 1h, null for at once
 * @param healthCheck null for none
 * @param ejection null for none
 * @param dnsRefresh how often names are resolved again; 100ms to 1h, 5s unless written
 */
public record BalancingConfig(
    LoadBalancing method,
    @Nullable Duration slowStart,
    @Nullable HealthCheckConfig healthCheck,
    @Nullable EjectionConfig ejection,
    Duration dnsRefresh) {}
