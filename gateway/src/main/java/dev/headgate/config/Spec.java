package dev.headgate.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What may stand at one place of the configuration: how it is decoded, its JSON Schema, and its
 * words in the documentation. Made by {@link Specs}.
 *
 * @param <T> what it decodes to
 */
public abstract class Spec<T> {

  Spec() {}

  /** The value, or null if there is any problem with it; every problem has then been collected. */
  abstract @Nullable T decode(Cursor at, Decoding into);

  /**
   * JSON Schema 2020-12; a new map that the caller may add to. With {@code partial}, nothing is
   * required.
   */
  abstract Map<String, Object> schema(boolean partial);

  /**
   * What is expected, for messages and documentation, such as {@code a duration from 1ms to 24h}.
   */
  abstract String expected();

  /** What is expected, in a table that shows the keys of objects in rows of their own. */
  String type() {
    return expected();
  }

  /** What stands between this value's key and a key below it. */
  String separator() {
    return ".";
  }

  /** Fields below this value, for the documentation. */
  List<Field<?>> fields() {
    return List.of();
  }

  /** What holds where a shared block of defaults says one thing and the route itself another. */
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    return own;
  }

  /** The same text, another value. */
  public final <R> Spec<R> map(Function<? super T, ? extends R> change) {
    return new DerivedSpec<>(this, (value, refusal) -> change.apply(value));
  }

  /**
   * The same, with a further condition.
   *
   * @param code of the problem where it does not hold
   * @param reason null where the value is right; else what is wrong with it, such as {@code is no
   *     token (expected: letters and digits)}
   */
  public final Spec<T> check(ProblemCode code, Function<? super T, @Nullable String> reason) {
    return new DerivedSpec<>(
        this,
        (value, refusal) -> {
          String wrong = reason.apply(value);
          if (wrong == null) {
            return value;
          }
          refusal.because(code, wrong);
          return null;
        });
  }
}
