package dev.headgate.cli;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SSL bundles that a repo's process settings declare; what is in them is not looked at. */
record DeclaredBundles(Set<String> names) {
  @Nullable String problemWith(String bundle) {
    return names.contains(bundle) ? null : "no gateway.yml or gateway-*.yml here declares it";
  }
}
