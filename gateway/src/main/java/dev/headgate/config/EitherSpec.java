package dev.headgate.config;

import dev.headgate.config.ConfigNode.Mapping;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A short form, or an object. */
final class EitherSpec<T> extends Spec<T> {
  private final Spec<? extends T> shorthand;
  private final Spec<? extends T> object;

  EitherSpec(Spec<? extends T> shorthand, Spec<? extends T> object) {
    this.shorthand = shorthand;
    this.object = object;
  }

  @Override
  @Nullable T decode(Cursor at, Decoding into) {
    return at.node instanceof Mapping ? object.decode(at, into) : shorthand.decode(at, into);
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return Schemas.of("anyOf", List.of(shorthand.schema(partial), object.schema(partial)));
  }

  @Override
  String expected() {
    return shorthand.expected() + ", or " + object.expected();
  }

  @Override
  String type() {
    return shorthand.type() + ", or " + object.type();
  }

  @Override
  String separator() {
    return object.separator();
  }

  @Override
  List<Field<?>> fields() {
    return object.fields();
  }

  @Override
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    return object.merge(shared, own);
  }
}
