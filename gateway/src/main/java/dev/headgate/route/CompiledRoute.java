package dev.headgate.route;

import dev.headgate.policy.PolicyChain;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A route ready to serve.
 *
 * @param id the key in the config
 * @param chain its policies and the call at their end; where the route has versions, the policies
 *     of the requests that get none of them, and nothing at their end
 * @param rewrite what becomes of the path, or null where it goes on as it came
 * @param idle how long a body may stall, either way
 * @param versions what chooses among them; null where the route has none
 */
public record CompiledRoute(
    String id,
    PolicyChain chain,
    @Nullable PathRewrite rewrite,
    Duration idle,
    @Nullable VersionNegotiation<CompiledVersion> versions) {

  /** A route without versions. */
  public CompiledRoute(String id, PolicyChain chain, @Nullable PathRewrite rewrite, Duration idle) {
    this(id, chain, rewrite, idle, null);
  }
}
