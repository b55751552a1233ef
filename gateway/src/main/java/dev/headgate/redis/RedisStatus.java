package dev.headgate.redis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with Redis.
 *
 * @param up whether there is a connection that is of use
 * @param since when that began
 * @param server where it is, without credentials
 * @param lastFailure the last thing that went wrong, null where nothing did
 * @param lastFailureAt when
 */
public record RedisStatus(
    boolean up,
    Instant since,
    String server,
    @Nullable String lastFailure,
    @Nullable Instant lastFailureAt) {}
