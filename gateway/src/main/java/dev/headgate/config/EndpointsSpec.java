package dev.headgate.config;

import dev.headgate.config.ConfigNode.Sequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of endpoints, no two at one place: a second entry would only be a weight by another name.
 */
final class EndpointsSpec extends Spec<List<EndpointConfig>> {
  private final Spec<List<EndpointConfig>> list;

  EndpointsSpec(Spec<List<EndpointConfig>> list) {
    this.list = list;
  }

  @Override
  @Nullable List<EndpointConfig> decode(Cursor at, Decoding into) {
    List<EndpointConfig> endpoints = list.decode(at, into);
    if (endpoints == null || !(at.node instanceof Sequence sequence)) {
      return null;
    }
    int before = into.problems.size();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < endpoints.size(); i++) {
      String url = endpoints.get(i).url();
      Integer first = seen.putIfAbsent(url, i);
      if (first != null) {
        into.problem(
            at.child(i, sequence.items.get(i)),
            ProblemCode.DUPLICATE_VALUE,
            Texts.quote(url) + " is entry " + first + " too (expected: once, with a weight)");
      }
    }
    return into.problems.size() > before ? null : endpoints;
  }

  @Override
  Map<String, Object> schema(boolean partial) {
    return list.schema(partial);
  }

  @Override
  String expected() {
    return list.expected();
  }

  @Override
  String type() {
    return list.type();
  }

  @Override
  String separator() {
    return list.separator();
  }

  @Override
  List<Field<?>> fields() {
    return list.fields();
  }
}
