package dev.headgate.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a configuration.
 *
 * @param decoded all that could be made sense of, to look for further problems in; not to be used
 *     where there is any error
 * @param problems all of them, by file, line and column; warnings too
 */
public record LoadResult(ConfigSet decoded, List<ConfigProblem> problems) {
  public LoadResult {
    problems = List.copyOf(problems);
  }

  /** The set; null where there is any error: it is used whole or not at all. */
  public @Nullable ConfigSet set() {
    return problems.stream().anyMatch(ConfigProblem::isError) ? null : decoded;
  }
}
