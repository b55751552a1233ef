package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object whose keys are free. */
final class MapSpec<V> extends Spec<Map<String, V>> {
  private final Spec<String> key;
  private final Spec<V> value;

  MapSpec(Spec<String> key, Spec<V> value) {
    this.key = key;
    this.value = value;
  }

  @Override
  @Nullable Map<String, V> decode(Cursor at, Decoding into) {
    if (!(at.node instanceof Mapping mapping)) {
      into.wrongType(at, expected());
      return null;
    }
    int before = into.problems.size();
    Map<String, V> values = new LinkedHashMap<>();
    for (Entry entry : mapping.entries.values()) {
      Cursor child = at.child(entry);
      String name = key.decode(at.child(new Entry(entry.key(), entry.key())), into);
      V decoded = value.decode(child, into);
      if (name != null && decoded != null && values.put(name, decoded) != null) {
        into.problem(
            child.keyMark(),
            ProblemCode.DUPLICATE_KEY,
            at.message(
                entry.key().describe() + " stands here twice, but for case (expected: once)"));
      }
    }
    return into.problems.size() > before ? null : Collections.unmodifiableMap(values);
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    Map<String, Object> schema = Schemas.of("type", "object");
    if (key.schema(partial).get("pattern") instanceof String pattern) {
      schema.put("propertyNames", Schemas.of("pattern", pattern));
    }
    schema.put("additionalProperties", value.schema(partial));
    return schema;
  }

  @Override
  String expected() {
    return "an object of " + value.expected();
  }

  @Override
  String type() {
    return "an object of " + value.type();
  }

  @Override
  String separator() {
    return ".<name>.";
  }

  @Override
  List<Field<?>> fields() {
    return value.fields();
  }

  @Override
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    if (!(shared instanceof Mapping below) || !(own instanceof Mapping above)) {
      return own;
    }
    Map<String, Entry> merged = new LinkedHashMap<>(below.entries);
    merged.putAll(above.entries);
    return new Mapping(own.file, own.line, own.column, merged, own.size());
  }
}
