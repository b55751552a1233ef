package dev.headgate.route;

import org.jspecify.annotations.Nullable;

/**
 * Where a request may say its version, besides the path, which is a matter of the route's pattern.
 *
 * @param path whether the path may; for what is told to the client
 * @param acceptParameter name of a parameter of media ranges, or null
 * @param header name of a field, or null
 * @param query name of a query parameter, or null
 */
public record VersionSources(
    boolean path,
    @Nullable String acceptParameter,
    @Nullable String header,
    @Nullable String query) {}
