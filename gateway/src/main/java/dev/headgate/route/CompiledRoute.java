package dev.headgate.route;

import dev.headgate.policy.PolicyChain;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A route ready to serve.
 *
 * @param id the key in the config
 * @param chain its policies and the call at their end
 * @param rewrite what becomes of the path, or null where it goes on as it came
 * @param idle how long a body may stall, either way
 */
public record CompiledRoute(
    String id, PolicyChain chain, @Nullable PathRewrite rewrite, Duration idle) {}
