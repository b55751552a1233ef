package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import dev.headgate.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of one object, each once, with those of merge keys ({@code <<: *shared}) below them. */
final class MappingBuilder {
  private final List<ConfigProblem> problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Mapping> merged = new ArrayList<>();
  private int size = 1;

  MappingBuilder(List<ConfigProblem> problems) {
    this.problems = problems;
  }

  void add(Entry entry) {
    size += 1 + entry.value().size();
    if (entry.key().text.equals("<<") && !entry.key().quoted) {
      merge(entry.value());
      return;
    }
    Entry first = entries.putIfAbsent(entry.key().text, entry);
    if (first != null) {
      problems.add(
          ConfigProblem.of(
              entry.key().mark(),
              ProblemCode.DUPLICATE_KEY,
              entry.key().describe()
                  + " stands in this object twice (expected: once; the first is in line "
                  + first.key().line
                  + ")"));
    }
  }

  private void merge(ConfigNode value) {
    if (value instanceof Mapping mapping) {
      merged.add(mapping);
    } else if (value instanceof Sequence list
        && list.items.stream().allMatch(Mapping.class::isInstance)) {
      list.items.forEach(this::merge);
    } else {
      problems.add(
          ConfigProblem.of(
              value.mark(),
              ProblemCode.BAD_YAML,
              value.describe() + " under << (expected: an object, or a list of objects)"));
    }
  }

  /** The object; of merged keys the first wins, and own keys before all. */
  Mapping build(String file, int line, int column) {
    for (Mapping mapping : merged) {
      mapping.entries.forEach(entries::putIfAbsent);
    }
    return new Mapping(file, line, column, entries, size);
  }
}
