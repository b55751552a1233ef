package dev.headgate.config;

import java.time.Duration;

/**
 * A request that each endpoint is asked now and then; any 2xx in time is good.
 *
 * @param path asked for with GET, with the query where there is one, behind the endpoint's base
 *     path
 * @param interval between the end of one check and the next; 100ms to 1h
 * @param timeout of one check, connecting included; 1ms to 1m
 * @param unhealthyAfter bad checks in a row, 1 to 100
 * @param healthyAfter good checks in a row, 1 to 100
 */
public record HealthCheckConfig(
    String path, Duration interval, Duration timeout, int unhealthyAfter, int healthyAfter) {}
