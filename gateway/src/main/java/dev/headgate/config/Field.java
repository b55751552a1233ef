package dev.headgate.config;

import org.jspecify.annotations.Nullable;

/**
 * A key of an object: its name, what may stand there, what holds where nothing does, and what it
 * does.
 *
 * @param <T> type of its value
 */
public final class Field<T> {
  private final String name;
  private final Spec<T> spec;
  private final boolean required;
  private final @Nullable T fallback;
  private final @Nullable String fallbackText;
  private final boolean fallbackWritable;
  private final String doc;

  private Field(
      String name,
      Spec<T> spec,
      boolean required,
      @Nullable T fallback,
      @Nullable String fallbackText,
      boolean fallbackWritable,
      String doc) {
    this.name = name;
    this.spec = spec;
    this.required = required;
    this.fallback = fallback;
    this.fallbackText = fallbackText;
    this.fallbackWritable = fallbackWritable;
    this.doc = doc;
  }

  /** A key that must be written. */
  public static <T> Field<T> required(String name, Spec<T> spec, String doc) {
    return new Field<>(name, spec, true, null, null, false, doc);
  }

  /**
   * A key that may be left out, which means something that no text says; see {@link Values#find}.
   */
  public static <T> Field<T> optional(String name, Spec<T> spec, String doc) {
    return new Field<>(name, spec, false, null, null, false, doc);
  }

  /**
   * A key with a default that could have been written.
   *
   * @param text the default as one would write it, such as {@code 30s}
   * @throws IllegalArgumentException if the spec refuses that text
   */
  public static <T> Field<T> withDefault(String name, Spec<T> spec, String text, String doc) {
    Decoding into = new Decoding(false);
    T value = spec.decode(Cursor.root(new ConfigNode.Scalar(name, 1, 1, text, false)), into);
    if (value == null) {
      throw new IllegalArgumentException("default of " + name + ": " + into.problems);
    }
    return new Field<>(name, spec, false, value, text, true, doc);
  }

  /**
   * A key with a default that has words, such as an empty list meaning every host.
   *
   * @param words for the documentation
   */
  public static <T> Field<T> otherwise(
      String name, Spec<T> spec, T value, String words, String doc) {
    return new Field<>(name, spec, false, value, words, false, doc);
  }

  /** A key with an object of which every part has a default. */
  public static <T> Field<T> nested(String name, ObjectSpec<T> spec, String doc) {
    return new Field<>(name, spec, false, spec.defaults(), null, false, doc);
  }

  String name() {
    return name;
  }

  Spec<T> spec() {
    return spec;
  }

  boolean required() {
    return required;
  }

  @Nullable T fallback() {
    return fallback;
  }

  /** The default in words or as written; null where there is none, or where it is in the parts. */
  @Nullable String fallbackText() {
    return fallbackText;
  }

  /** Whether the default's text is what one would write, rather than words about it. */
  boolean fallbackWritable() {
    return fallbackWritable;
  }

  String doc() {
    return doc;
  }
}
