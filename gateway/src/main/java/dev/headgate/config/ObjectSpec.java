package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object with known keys; any other key is a problem. In a shared block of defaults, each key
 * counts by itself, unless keys exclude each other.
 */
public final class ObjectSpec<T> extends Spec<T> {
  private final Map<String, Field<?>> fields = new LinkedHashMap<>();
  private final List<String> exclusive;
  private final boolean oneNeeded;
  private final Function<Values, @Nullable T> build;

  ObjectSpec(
      Collection<? extends Field<?>> fields,
      List<? extends Field<?>> exclusive,
      boolean oneNeeded,
      Function<Values, @Nullable T> build) {
    for (Field<?> field : fields) {
      if (this.fields.put(field.name(), field) != null) {
        throw new IllegalArgumentException("two keys are called " + field.name());
      }
    }
    this.exclusive = exclusive.stream().map(Field::name).toList();
    this.oneNeeded = oneNeeded;
    this.build = build;
  }

  /**
   * The object with nothing written.
   *
   * @throws IllegalStateException if it has a required key
   */
  public T defaults() {
    Decoding into = new Decoding(false);
    T value = decode(Cursor.root(Mapping.emptyAt("", 1, 1)), into);
    if (value == null) {
      throw new IllegalStateException(into.problems.toString());
    }
    return value;
  }

  /** The same object with exactly one of these keys, which are keys of it. */
  public ObjectSpec<T> exactlyOneOf(Field<?>... choice) {
    return new ObjectSpec<>(fields.values(), List.of(choice), true, build);
  }

  /** The same object with none or one of these keys, which are keys of it. */
  ObjectSpec<T> atMostOneOf(Field<?>... choice) {
    return new ObjectSpec<>(fields.values(), List.of(choice), false, build);
  }

  /** What a shared block of defaults may say: all but some keys, and none of them needed. */
  ObjectSpec<Boolean> without(Set<String> names) {
    List<Field<?>> left = fields.values().stream().filter(f -> !names.contains(f.name())).toList();
    return new ObjectSpec<>(left, List.of(), false, v -> true);
  }

  @Override
  @Nullable T decode(Cursor at, Decoding into) {
    if (!(at.node instanceof Mapping mapping)) {
      into.wrongType(at, expected());
      return null;
    }
    int before = into.problems.size();
    Map<Field<?>, Object> decoded = new HashMap<>();
    for (Entry entry : mapping.entries.values()) {
      decode(at, at.child(entry), into, decoded);
    }
    boolean complete = checkPresence(at, mapping, into);
    if (!complete || into.problems.size() > before) {
      return null;
    }
    T value = build.apply(new Values(at, mapping, decoded, into));
    return into.problems.size() > before ? null : value;
  }

  private void decode(Cursor at, Cursor child, Decoding into, Map<Field<?>, Object> decoded) {
    Field<?> field = fields.get(child.key());
    if (field == null) {
      unknown(at, child, into);
      return;
    }
    Object value = field.spec().decode(child, into);
    if (value != null) {
      decoded.put(field, value);
    }
  }

  private void unknown(Cursor at, Cursor child, Decoding into) {
    into.problem(
        child.keyMark(),
        ProblemCode.UNKNOWN_KEY,
        at.message(Texts.unknownKey(child.key(), fields.keySet())));
  }

  private boolean checkPresence(Cursor at, Mapping mapping, Decoding into) {
    boolean complete = true;
    for (Field<?> field : fields.values()) {
      if (field.required() && !mapping.entries.containsKey(field.name())) {
        complete = false;
        missing(at, into, field.name() + " is missing (expected: " + field.spec().expected() + ")");
      }
    }
    List<Entry> chosen = new ArrayList<>();
    for (Entry entry : mapping.entries.values()) {
      if (exclusive.contains(entry.key().text)) {
        chosen.add(entry);
      }
    }
    if (oneNeeded && chosen.isEmpty()) {
      complete = false;
      missing(at, into, "exactly one of " + Texts.choice(exclusive) + " is missing");
    }
    for (int i = 1; i < chosen.size(); i++) {
      Cursor child = at.child(chosen.get(i));
      String first = chosen.get(0).key().text;
      into.problem(
          child.keyMark(),
          ProblemCode.CONFLICTING_KEYS,
          child.message(
              "stands beside " + first + " (expected: one of " + Texts.choice(exclusive) + ")"));
    }
    return complete;
  }

  private static void missing(Cursor at, Decoding into, String message) {
    if (!into.partial) {
      into.problem(at.keyMark(), ProblemCode.MISSING_KEY, at.message(message));
    }
  }

  @Override
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    if (!(shared instanceof Mapping below) || !(own instanceof Mapping above)) {
      return own;
    }
    Map<String, Entry> merged = new LinkedHashMap<>(below.entries);
    if (exclusive.stream().anyMatch(above.entries::containsKey)) {
      exclusive.forEach(merged::remove);
    }
    above.entries.forEach((key, entry) -> merged.put(key, merge(merged.get(key), entry)));
    return new Mapping(own.file, own.line, own.column, merged, own.size());
  }

  private Entry merge(@Nullable Entry shared, Entry own) {
    Field<?> field = fields.get(own.key().text);
    return shared == null || field == null
        ? own
        : new Entry(own.key(), field.spec().merge(shared.value(), own.value()));
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return Schemas.object(fields.values(), exclusive, oneNeeded, partial);
  }

  @Override
  String expected() {
    return "an object with " + Texts.choice(fields.keySet());
  }

  @Override
  String type() {
    return "an object";
  }

  @Override
  List<Field<?>> fields() {
    return List.copyOf(fields.values());
  }
}
