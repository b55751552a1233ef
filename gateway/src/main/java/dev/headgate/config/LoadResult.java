package dev.headgate.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a configuration.
 *
 * @param set null where there is any error: a set is used whole or not at all
 * @param problems all of them, by file, line and column; warnings too
 */
public record LoadResult(@Nullable ConfigSet set, List<ConfigProblem> problems) {
  public LoadResult {
    problems = List.copyOf(problems);
  }
}
