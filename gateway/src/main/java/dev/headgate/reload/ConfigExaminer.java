package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.config.LoadResult;
import dev.headgate.config.ProblemCode;
import dev.headgate.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds everything wrong with a set before any of it is used; the same for a reload and a check.
 */
public final class ConfigExaminer {
  private final ConfigLoader loader;
  private final RouteTableCompiler compiler;
  private final boolean mayBeEmpty;

  /**
   * An examiner for the keys of these policies.
   *
   * @param mayBeEmpty whether a set without routes is one: where stock routes serve alone. Else it
   *     is taken for what it mostly is, a folder that was not mounted
   */
  public ConfigExaminer(Policies policies, boolean mayBeEmpty) {
    this.loader = new ConfigLoader(policies.routeKeys(), policies.upstreamKeys());
    this.compiler = new RouteTableCompiler(policies);
    this.mayBeEmpty = mayBeEmpty;
  }

  /**
   * Decodes a set and looks at all of it.
   *
   * @param found what was wrong with reading the files
   * @return the set, unless it has an error, and its problems sorted by place
   */
  public LoadResult examine(List<ConfigFile> files, List<ConfigProblem> found) {
    LoadResult loaded = loader.load(files, found);
    ConfigSet set = loaded.set();
    if (set == null) {
      return mayBeEmpty && isOnlyEmpty(loaded)
          ? new LoadResult(new ConfigSet(Map.of(), Map.of()), List.of())
          : loaded;
    }
    List<ConfigProblem> problems = new ArrayList<>(loaded.problems());
    problems.addAll(compiler.problems(set));
    problems.sort(null);
    boolean refused = problems.stream().anyMatch(ConfigProblem::isError);
    return new LoadResult(refused ? null : set, problems);
  }

  private static boolean isOnlyEmpty(LoadResult loaded) {
    return loaded.problems().stream().allMatch(p -> p.code() == ProblemCode.NO_ROUTES);
  }
}
