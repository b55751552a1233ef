package dev.headgate.route;

import dev.headgate.policy.PolicyChain;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a route ready to serve.
 *
 * @param chain its policies and the call at their end
 * @param rewrite what becomes of the path without the version, or null where it goes on as it is
 * @param deprecated from when on it should not be used any more, or null
 * @param sunset from when on it is not promised to answer, or null
 */
public record CompiledVersion(
    PolicyChain chain,
    @Nullable PathRewrite rewrite,
    @Nullable Instant deprecated,
    @Nullable Instant sunset) {}
