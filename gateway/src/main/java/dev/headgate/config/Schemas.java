package dev.headgate.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pieces of JSON Schema 2020-12, as the maps and lists that will be written. */
final class Schemas {
  private Schemas() {}

  /** A new map in the order given: name, value, name, value ... */
  static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  static Map<String, Object> object(
      Collection<Field<?>> fields, List<String> exclusive, boolean oneNeeded, boolean partial) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Field<?> field : fields) {
      properties.put(field.name(), property(field, partial));
      if (field.required()) {
        required.add(field.name());
      }
    }
    Map<String, Object> schema = of("type", "object", "additionalProperties", false);
    schema.put("properties", properties);
    if (!partial && !required.isEmpty()) {
      schema.put("required", required);
    }
    if (!partial && !exclusive.isEmpty()) {
      schema.put("oneOf", choices(exclusive, oneNeeded));
    }
    return schema;
  }

  private static List<Map<String, Object>> choices(List<String> exclusive, boolean oneNeeded) {
    List<Map<String, Object>> choices = new ArrayList<>();
    exclusive.forEach(name -> choices.add(of("required", List.of(name))));
    if (!oneNeeded) {
      choices.add(of("not", of("anyOf", List.copyOf(choices))));
    }
    return choices;
  }

  private static Map<String, Object> property(Field<?> field, boolean partial) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", field.doc());
    schema.putAll(field.spec().schema(partial));
    String text = field.fallbackText();
    if (text != null && field.fallbackWritable()) {
      schema.put("default", literal(schema.get("type"), text));
    }
    return schema;
  }

  private static Object literal(@Nullable Object type, String text) {
    if ("integer".equals(type)) {
      return Integer.valueOf(text);
    }
    return "boolean".equals(type) ? Boolean.valueOf(text) : text;
  }
}
