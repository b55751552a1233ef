package dev.headgate.config;

import dev.headgate.config.ConfigNode.Scalar;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A word that stands for a value, or something else. */
final class WordSpec<T> extends Spec<T> {
  private final String word;
  private final T value;
  private final Spec<T> otherwise;

  WordSpec(String word, T value, Spec<T> otherwise) {
    this.word = word;
    this.value = value;
    this.otherwise = otherwise;
  }

  @Override
  @Nullable T decode(Cursor at, Decoding into) {
    if (at.node instanceof Scalar scalar && scalar.text.equals(word)) {
      return value;
    }
    if (at.node instanceof Scalar && !otherwise.fields().isEmpty()) {
      // The other form is an object: what was meant may as well have been the word.
      into.wrongType(at, expected());
      return null;
    }
    return otherwise.decode(at, into);
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return Schemas.of("anyOf", List.of(Schemas.of("const", word), otherwise.schema(partial)));
  }

  @Override
  String expected() {
    return otherwise.expected() + ", or " + word;
  }

  @Override
  String type() {
    return otherwise.type() + ", or " + word;
  }

  @Override
  String separator() {
    return otherwise.separator();
  }

  @Override
  List<Field<?>> fields() {
    return otherwise.fields();
  }

  @Override
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    return otherwise.merge(shared, own);
  }
}
