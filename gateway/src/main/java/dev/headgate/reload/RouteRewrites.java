package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.RewriteConfig;
import dev.headgate.config.RouteConfig;
import dev.headgate.config.RouteTarget;
import dev.headgate.config.SourceMark;
import dev.headgate.config.VersioningConfig;
import dev.headgate.policy.PathReversal;
import dev.headgate.route.PathPattern;
import dev.headgate.route.PathRewrite;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a route's {@code rewrite}, and those of its versions, say into what rewrites paths.
 */
final class RouteRewrites {
  private RouteRewrites() {}

  /**
   * The route's own rewrite, or null where the path goes on as it is.
   *
   * @param path of the route, without a version
   * @throws IllegalArgumentException if it does not fit the path
   */
  static @Nullable PathRewrite of(RouteConfig route, PathPattern path) {
    return of(route.rewrite(), path);
  }

  /** What turns the service's paths into the client's, or null where nothing is rewritten. */
  static @Nullable PathReversal reversal(RouteConfig route, PathPattern path) {
    PathRewrite rewrite =
        route.rewrite() instanceof RewriteConfig.Unchanged
            ? PathRewrite.unchanged(path)
            : of(route, path);
    return rewrite == null ? null : new PathReversal(rewrite::reverse, rewrite::reversePrefix);
  }

  private static @Nullable PathRewrite of(@Nullable RewriteConfig rewrite, PathPattern path) {
    if (rewrite instanceof RewriteConfig.Path template) {
      return PathRewrite.template(template.template(), path);
    }
    return rewrite instanceof RewriteConfig.StripPrefix strip
        ? PathRewrite.stripPrefix(strip.prefix(), path)
        : null;
  }

  static boolean areRight(
      RouteConfig route, PathPattern path, ConfigSet set, List<ConfigProblem> problems) {
    SourceMark own = set.markOf("routes", route.id(), "rewrite");
    boolean right = isRight(route.rewrite(), path, own, "rewrite: ", problems);
    if (route.target() instanceof RouteTarget.Versioned versioned) {
      for (Map.Entry<String, VersioningConfig.Version> version :
          versioned.versioning().versions().entrySet()) {
        String id = version.getKey();
        right &=
            isRight(
                version.getValue().rewrite(),
                path,
                set.markOf("routes", route.id(), "versioning", "versions", id, "rewrite"),
                "versioning.versions." + id + ".rewrite: ",
                problems);
      }
    }
    return right;
  }

  private static boolean isRight(
      @Nullable RewriteConfig rewrite,
      PathPattern path,
      SourceMark mark,
      String under,
      List<ConfigProblem> problems) {
    try {
      of(rewrite, path);
      return true;
    } catch (IllegalArgumentException e) {
      problems.add(ConfigProblem.of(mark, ProblemCode.BAD_REWRITE, under + e.getMessage()));
      return false;
    }
  }
}
