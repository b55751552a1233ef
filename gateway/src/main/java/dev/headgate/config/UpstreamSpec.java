package dev.headgate.config;

import dev.headgate.config.ConfigNode.Scalar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A reference to an upstream, checked when every file has been read. */
final class UpstreamSpec extends Spec<String> {
  private static final Spec<String> ID = Ids.SPEC;

  @Override
  @Nullable String decode(Cursor at, Decoding into) {
    String id = ID.decode(at, into);
    if (id != null && at.node instanceof Scalar scalar) {
      into.refer(at, scalar);
    }
    return id;
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return ID.schema(partial);
  }

  @Override
  String expected() {
    return "the id of an upstream";
  }
}
