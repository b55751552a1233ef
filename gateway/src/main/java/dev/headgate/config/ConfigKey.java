package dev.headgate.config;

/**
 * A key of a route or an upstream that belongs to a policy. The policy's package declares it, hands
 * it to the {@link ConfigLoader}, and reads its value from the {@link Extensions} of each route or
 * upstream.
 *
 * @param name as written in YAML, in kebab-case
 * @param spec what may stand there
 * @param doc one or more sentences for schema and documentation: what the key does
 */
public record ConfigKey<T>(String name, Spec<T> spec, String doc) {}
