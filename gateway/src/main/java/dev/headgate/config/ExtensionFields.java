package dev.headgate.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Policies' keys among those of a route or an upstream. */
final class ExtensionFields {
  private record Owned<T>(ConfigKey<T> key, Field<T> field) {
    static <T> Owned<T> of(ConfigKey<T> key) {
      return new Owned<>(key, Field.optional(key.name(), key.spec(), key.doc()));
    }

    void copy(Values from, Extensions.Builder to) {
      T value = from.find(field);
      if (value != null) {
        to.put(key, value);
      }
    }
  }

  private final List<Owned<?>> owned = new ArrayList<>();

  ExtensionFields(Collection<ConfigKey<?>> keys) {
    keys.forEach(key -> owned.add(Owned.of(key)));
  }

  List<Field<?>> fields() {
    List<Field<?>> fields = new ArrayList<>();
    owned.forEach(one -> fields.add(one.field()));
    return fields;
  }

  Extensions of(Values values) {
    Extensions.Builder builder = new Extensions.Builder(Map.of());
    owned.forEach(one -> one.copy(values, builder));
    return builder.build();
  }
}
