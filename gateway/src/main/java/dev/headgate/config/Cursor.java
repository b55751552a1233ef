package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import org.jspecify.annotations.Nullable;

/** A value on its way through the decoder, and how it was reached. */
final class Cursor {
  private final @Nullable Cursor parent;
  private final ConfigNode.@Nullable Scalar key;
  private final int index;
  final ConfigNode node;

  private Cursor(
      @Nullable Cursor parent, ConfigNode.@Nullable Scalar key, int index, ConfigNode node) {
    this.parent = parent;
    this.key = key;
    this.index = index;
    this.node = node;
  }

  /** A value whose problems need no path: that of a whole document, a route or an upstream. */
  static Cursor root(ConfigNode node) {
    return new Cursor(null, null, 0, node);
  }

  /** A route or an upstream: paths begin below it, but its key is known. */
  static Cursor root(Entry entry) {
    return new Cursor(null, entry.key(), 0, entry.value());
  }

  Cursor child(Entry entry) {
    return new Cursor(this, entry.key(), 0, entry.value());
  }

  Cursor child(int at, ConfigNode item) {
    return new Cursor(this, null, at, item);
  }

  /** The text of the key under which the value stands; empty for a list's entry or a document. */
  String key() {
    return key == null ? "" : key.text;
  }

  /** The place of the key, or of the value where it has none. */
  SourceMark keyMark() {
    return key == null ? node.mark() : key.mark();
  }

  /** The place to show for the value: nothing at all is best found by its key. */
  SourceMark mark() {
    return node instanceof ConfigNode.Scalar s && s.text.isEmpty() && !s.quoted
        ? keyMark()
        : node.mark();
  }

  /** Such as {@code match.headers.x-tier} or {@code endpoints[1].url}; empty at the root. */
  String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    if (key == null) {
      return above + "[" + index + "]";
    }
    return above.isEmpty() ? key.text : above + "." + key.text;
  }

  /** A message about this value. */
  String message(String text) {
    String path = path();
    return path.isEmpty() ? text : path + ": " + text;
  }
}
