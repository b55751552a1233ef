package dev.headgate.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of one route or upstream that policies own: a map that knows its values' types. */
public final class Extensions {
  private static final Extensions NONE = new Extensions(Map.of());

  private final Map<ConfigKey<?>, Object> values;

  private Extensions(Map<ConfigKey<?>, Object> values) {
    this.values = values;
  }

  /** Nothing written. */
  public static Extensions none() {
    return NONE;
  }

  /** What was written under the key, the set's shared defaults included; null if nothing was. */
  // Safe: with() and Builder are the only ways in, and both take the value with its key's type.
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(ConfigKey<T> key) {
    return (T) values.get(key);
  }

  /** Those of all settings that are of a kind. */
  public <T> Stream<T> all(Class<T> kind) {
    return values.values().stream().filter(kind::isInstance).map(kind::cast);
  }

  /** The same settings and one more. */
  public <T> Extensions with(ConfigKey<T> key, T value) {
    return new Builder(values).put(key, value).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Extensions e && e.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    Map<String, Object> named = new LinkedHashMap<>();
    values.forEach((key, value) -> named.put(key.name(), value));
    return named.toString();
  }

  static final class Builder {
    private final Map<ConfigKey<?>, Object> values;

    Builder(Map<ConfigKey<?>, Object> values) {
      this.values = new LinkedHashMap<>(values);
    }

    <T> Builder put(ConfigKey<T> key, T value) {
      values.put(key, value);
      return this;
    }

    Extensions build() {
      return values.isEmpty() ? NONE : new Extensions(values);
    }
  }
}
