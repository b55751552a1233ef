package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import dev.headgate.config.ConfigNode.Sequence;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where everything of a set was written; see {@link ConfigSet#markOf}. */
public final class Marks {
  static final Marks NONE = new Marks(Map.of());

  private final Map<String, Map<String, Entry>> kinds;

  /**
   * @param kinds upstreams and routes: for each its entries by id
   */
  Marks(Map<String, Map<String, Entry>> kinds) {
    this.kinds = kinds;
  }

  @Nullable SourceMark find(String... path) {
    Map<String, Entry> ids = path.length < 2 ? null : kinds.get(path[0]);
    Entry entry = ids == null ? null : ids.get(path[1]);
    if (entry == null) {
      return null;
    }
    SourceMark mark = mark(entry);
    ConfigNode node = entry.value();
    for (int i = 2; i < path.length; i++) {
      Entry child = node instanceof Mapping mapping ? mapping.entries.get(path[i]) : null;
      ConfigNode item = node instanceof Sequence sequence ? item(sequence, path[i]) : null;
      if (child != null) {
        mark = mark(child);
        node = child.value();
      } else if (item != null) {
        mark = item.mark();
        node = item;
      } else {
        return mark;
      }
    }
    return mark;
  }

  private static SourceMark mark(Entry entry) {
    return (entry.value() instanceof ConfigNode.Scalar ? entry.value() : entry.key()).mark();
  }

  private static @Nullable ConfigNode item(Sequence sequence, String index) {
    if (!Quantities.isWhole(index)) {
      return null;
    }
    long i = Long.parseLong(index);
    return i < sequence.items.size() ? sequence.items.get((int) i) : null;
  }
}
