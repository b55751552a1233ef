package dev.headgate.policy.version;

import dev.headgate.config.RouteTarget;
import dev.headgate.config.VersioningConfig;
import dev.headgate.config.VersioningConfig.AfterSunset;
import dev.headgate.policy.Policy;
import dev.headgate.policy.PolicyFactory;
import dev.headgate.policy.PolicyStage;
import dev.headgate.policy.RouteContext;
import dev.headgate.policy.ServedVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** {@code versioning} of a route; which version serves is decided before the chain runs. */
public final class VersionFactory implements PolicyFactory {
  private final InstantSource clock;

  /**
   * @param clock the wall clock, which tells when a sunset has passed
   */
  public VersionFactory(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public PolicyStage stage() {
    return PolicyStage.VERSION;
  }

  @Override
  public Optional<Policy> create(RouteContext context) {
    ServedVersion version = context.version();
    if (version != null) {
      return Optional.of(serving(version));
    }
    return context.route() != null
            && context.route().target() instanceof RouteTarget.Versioned versioned
        ? Optional.of(new Choosers(versioned.versioning().from()))
        : Optional.empty();
  }

  private Policy serving(ServedVersion version) {
    VersioningConfig.Version config = version.config();
    Versioned versioned =
        new Versioned(
            version.id(), new Choosers(version.versioning().from()), LifeCycle.of(config));
    LocalDate sunset = config.sunset();
    return sunset == null || version.versioning().afterSunset() == AfterSunset.SERVE
        ? versioned
        : new Retiring(versioned, beginning(sunset).toEpochMilli(), clock);
  }

  static Instant beginning(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
