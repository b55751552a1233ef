package dev.headgate.config;

import dev.headgate.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list in which nothing stands twice. */
final class ListSpec<T> extends Spec<List<T>> {
  private final Spec<T> item;
  private final int min;
  private final int max;

  ListSpec(Spec<T> item, int min, int max) {
    this.item = item;
    this.min = min;
    this.max = max;
  }

  @Override
  @Nullable List<T> decode(Cursor at, Decoding into) {
    if (!(at.node instanceof Sequence sequence)) {
      into.wrongType(at, expected());
      return null;
    }
    int size = sequence.items.size();
    if (size < min || size > max) {
      into.problem(
          at,
          ProblemCode.OUT_OF_RANGE,
          "a list of " + size + " (expected: " + min + ".." + max + " entries)");
      return null;
    }
    int before = into.problems.size();
    List<T> values = new ArrayList<>(size);
    Set<T> seen = new HashSet<>();
    for (int i = 0; i < size; i++) {
      Cursor child = at.child(i, sequence.items.get(i));
      T value = item.decode(child, into);
      if (value != null && !seen.add(value)) {
        into.problem(
            child,
            ProblemCode.DUPLICATE_VALUE,
            child.node.describe() + " stands here twice (expected: once)");
      }
      if (value != null) {
        values.add(value);
      }
    }
    return into.problems.size() > before ? null : List.copyOf(values);
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    Map<String, Object> schema = Schemas.of("type", "array", "items", item.schema(partial));
    if (min > 0) {
      schema.put("minItems", min);
    }
    schema.put("maxItems", max);
    schema.put("uniqueItems", true);
    return schema;
  }

  @Override
  String expected() {
    return "a list of " + min + ".." + max + ", each " + item.expected();
  }

  @Override
  String type() {
    return "a list of " + min + ".." + max + ", each " + item.type();
  }

  @Override
  String separator() {
    return "[].";
  }

  @Override
  List<Field<?>> fields() {
    return item.fields();
  }
}
