package dev.headgate.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A spec whose values go through one more step. */
final class DerivedSpec<S, T> extends Spec<T> {
  interface Step<S, T> {
    @Nullable T apply(S value, Refusal refusal);
  }

  private final Spec<S> from;
  private final Step<S, T> step;

  DerivedSpec(Spec<S> from, Step<S, T> step) {
    this.from = from;
    this.step = step;
  }

  @Override
  @Nullable T decode(Cursor at, Decoding into) {
    S value = from.decode(at, into);
    return value == null
        ? null
        : step.apply(
            value, (code, reason) -> into.problem(at, code, at.node.describe() + " " + reason));
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return from.schema(partial);
  }

  @Override
  String expected() {
    return from.expected();
  }

  @Override
  String type() {
    return from.type();
  }

  @Override
  String separator() {
    return from.separator();
  }

  @Override
  List<Field<?>> fields() {
    return from.fields();
  }

  @Override
  ConfigNode merge(ConfigNode shared, ConfigNode own) {
    return from.merge(shared, own);
  }
}
