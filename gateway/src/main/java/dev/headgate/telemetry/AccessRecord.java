package dev.headgate.telemetry;

import dev.headgate.exchange.ExchangeRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log.
 *
 * @param epochMillis when the request's head had arrived
 * @param path the raw path and the names of query parameters, never their values
 * @param version that served, of a route that has versions
 * @param versionFrom where the request said it, in lower case
 * @param status what was sent; 499 where the client had gone before anything was
 * @param flags why it did not go as asked; empty when it did
 * @param decisions what the gateway decided on the way, in order, such as {@code
 *     retry:UPSTREAM_RESET}; empty for most
 * @param keyed what became of its idempotency key; null where none was looked at
 * @param cached how a cache handled it; null where there is none
 * @param bytesIn of the request's body
 * @param bytesOut of the response's body
 * @param totalMicros from the head's arrival to the last byte's leaving
 * @param upstreamMicros of the call that answered, else the last, to its last byte; -1 without one
 */
public record AccessRecord(
    long epochMillis,
    String id,
    @Nullable String traceId,
    String client,
    String method,
    String path,
    @Nullable String route,
    @Nullable String version,
    @Nullable String versionFrom,
    @Nullable String upstream,
    @Nullable String endpoint,
    int attempts,
    int status,
    List<String> flags,
    List<String> decisions,
    ExchangeRecord.@Nullable Keyed keyed,
    ExchangeRecord.@Nullable Cached cached,
    long bytesIn,
    long bytesOut,
    long totalMicros,
    long upstreamMicros) {}
