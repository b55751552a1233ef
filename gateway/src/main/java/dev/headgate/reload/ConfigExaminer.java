package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.LoadResult;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.policy.Policies;
import dev.headgate.route.RouteRule;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds everything wrong with a set before any of it is used; the same for a reload and a check.
 */
public final class ConfigExaminer {
  private final ConfigLoader loader;
  private final RouteTableCompiler compiler;
  private final InstantSource clock;
  private final boolean mayBeEmpty;
  private final Function<String, @Nullable String> bundles;

  /**
   * An examiner for the keys of these policies.
   *
   * @param clock the wall clock, which tells what sunsets are near
   * @param mayBeEmpty whether a set without routes is one: where stock routes serve alone. Else it
   *     is taken for what it mostly is, a folder that was not mounted
   * @param bundles why an SSL bundle cannot be used, null where it can
   */
  public ConfigExaminer(
      Policies policies,
      InstantSource clock,
      boolean mayBeEmpty,
      Function<String, @Nullable String> bundles) {
    this.loader = new ConfigLoader(policies.routeKeys(), policies.upstreamKeys());
    this.compiler = new RouteTableCompiler(policies);
    this.clock = clock;
    this.mayBeEmpty = mayBeEmpty;
    this.bundles = bundles;
  }

  /**
   * What was found.
   *
   * @param set all that could be decoded; to be used only where nothing is refused
   * @param rules of its routes, one or more each, by id
   * @param problems sorted by place, warnings included
   */
  public record Examined(
      ConfigSet set, Map<String, List<RouteRule>> rules, List<ConfigProblem> problems) {
    /** Whether there is an error: a set is used whole or not at all. */
    public boolean refused() {
      return problems.stream().anyMatch(ConfigProblem::isError);
    }
  }

  /**
   * Decodes a set and looks at all of it.
   *
   * @param found what was wrong with reading the files
   */
  public Examined examine(List<ConfigFile> files, List<ConfigProblem> found) {
    LoadResult loaded = loader.load(files, found);
    if (mayBeEmpty && isOnlyEmpty(loaded)) {
      return new Examined(loaded.decoded(), Map.of(), List.of());
    }
    RouteTableCompiler.Analysis analysis = compiler.analyse(loaded.decoded(), today());
    List<ConfigProblem> problems =
        Stream.of(loaded.problems(), analysis.problems(), bundleProblems(loaded.decoded()))
            .flatMap(List::stream)
            .sorted()
            .toList();
    return new Examined(loaded.decoded(), analysis.rules(), problems);
  }

  private List<ConfigProblem> bundleProblems(ConfigSet set) {
    List<ConfigProblem> problems = new ArrayList<>();
    for (UpstreamConfig upstream : set.upstreams().values()) {
      String bundle = upstream.tls().bundle();
      String reason = bundle == null ? null : bundles.apply(bundle);
      if (reason != null) {
        problems.add(
            ConfigProblem.of(
                set.markOf("upstreams", upstream.id(), "tls", "bundle"),
                ProblemCode.BAD_BUNDLE,
                "tls.bundle: \"%s\" cannot be used: %s (expected: an SSL bundle of gateway.yml)"
                    .formatted(bundle, reason)));
      }
    }
    return problems;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static boolean isOnlyEmpty(LoadResult loaded) {
    return loaded.problems().stream().allMatch(p -> p.code() == ProblemCode.NO_ROUTES)
        && loaded.decoded().routes().isEmpty();
  }
}
