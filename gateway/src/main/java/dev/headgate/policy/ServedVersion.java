package dev.headgate.policy;

import dev.headgate.config.VersioningConfig;
import java.util.Objects;

/**
 * The version that a chain serves.
 *
 * @param versioning of its route
 * @param id which of the versions it is, as written
 */
public record ServedVersion(VersioningConfig versioning, String id) {
  /** What the config says of it. */
  public VersioningConfig.Version config() {
    return Objects.requireNonNull(versioning.versions().get(id));
  }
}
