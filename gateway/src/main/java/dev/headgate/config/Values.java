package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoded keys of one object, all of them right by themselves, while the object is made of
 * them.
 */
public final class Values {
  private final Cursor at;
  private final Mapping node;
  private final Map<Field<?>, Object> decoded;
  private final Decoding into;

  Values(Cursor at, Mapping node, Map<Field<?>, Object> decoded, Decoding into) {
    this.at = at;
    this.node = node;
    this.decoded = decoded;
    this.into = into;
  }

  /** What was written, or the key's default; for keys that are required or have one. */
  public <T> T get(Field<T> field) {
    T value = find(field);
    if (value == null) {
      throw new IllegalStateException(field.name() + " has no default: use find");
    }
    return value;
  }

  /** What was written, or the key's default, or null. */
  // Safe: the object's decoder puts under each field what that field's spec decoded.
  @SuppressWarnings("unchecked")
  public <T> @Nullable T find(Field<T> field) {
    Object value = decoded.get(field);
    return value == null ? field.fallback() : (T) value;
  }

  /** Whether the key was written, in the object itself or in a shared block of defaults. */
  public boolean written(Field<?> field) {
    return node.entries.containsKey(field.name());
  }

  /**
   * Collects a problem with a key's value that only shows beside the others; the object is then
   * refused.
   *
   * @param reason such as {@code "5s" is longer than total, 3s}
   */
  public void problem(Field<?> field, ProblemCode code, String reason) {
    Entry entry = node.entries.get(field.name());
    if (entry == null) {
      into.problem(at, code, reason);
    } else {
      into.problem(at.child(entry), code, entry.value().describe() + " " + reason);
    }
  }

  /** The key under which the object stands. */
  String key() {
    return at.key();
  }

  /** The place of that key. */
  SourceMark mark() {
    return at.keyMark();
  }
}
