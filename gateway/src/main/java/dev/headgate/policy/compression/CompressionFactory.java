package dev.headgate.policy.compression;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.RouteConfig;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import java.util.List;
import java.util.Optional;

/** {@code compression} of a route. */
public final class CompressionFactory implements PolicyFactory {
  @Override
  public PolicyStage stage() {
    return PolicyStage.COMPRESSION;
  }

  @Override
  public List<ConfigKey<?>> routeKeys() {
    return List.of(CompressionConfig.KEY);
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    RouteConfig route = context.route();
    CompressionConfig config = route == null ? null : route.extensions().get(CompressionConfig.KEY);
    if (config == null) {
      return Optional.empty();
    }
    List<Encoding> offered = config.encodings().stream().filter(Encoding::available).toList();
    return offered.isEmpty() ? Optional.empty() : Optional.of(new Compression(config, offered));
  }
}
