package dev.headgate.config;

import java.util.List;
import java.util.Map;

/** A value as it was written, with its place. Aliases share one node; nothing is copied. */
abstract sealed class ConfigNode {
  final String file;
  final int line;
  final int column;

  private ConfigNode(String file, int line, int column) {
    this.file = file;
    this.line = line;
    this.column = column;
  }

  final SourceMark mark() {
    return new SourceMark(file, line, column);
  }

  /** How many nodes a reader meets who follows every alias. */
  abstract int size();

  /** The value for a message: what was found. */
  abstract String describe();

  /** Text, quoted or not. Types of YAML are not resolved: each spec reads the text as written. */
  static final class Scalar extends ConfigNode {
    final String text;
    final boolean quoted;

    Scalar(String file, int line, int column, String text, boolean quoted) {
      super(file, line, column);
      this.text = text;
      this.quoted = quoted;
    }

    /** Nothing written, or one of YAML's words for it. */
    boolean isNothing() {
      return !quoted
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }

    @Override
    int size() {
      return 1;
    }

    @Override
    String describe() {
      return isNothing() && text.isEmpty() ? "nothing" : Texts.quote(text);
    }
  }

  static final class Sequence extends ConfigNode {
    final List<ConfigNode> items;
    private final int size;

    Sequence(String file, int line, int column, List<ConfigNode> items, int size) {
      super(file, line, column);
      this.items = items;
      this.size = size;
    }

    @Override
    int size() {
      return size;
    }

    @Override
    String describe() {
      return "a list";
    }
  }

  static final class Mapping extends ConfigNode {
    final Map<String, Entry> entries;
    private final int size;

    Mapping(String file, int line, int column, Map<String, Entry> entries, int size) {
      super(file, line, column);
      this.entries = entries;
      this.size = size;
    }

    /** Nothing in it, at the place of another. */
    static Mapping emptyAt(String file, int line, int column) {
      return new Mapping(file, line, column, Map.of(), 1);
    }

    @Override
    int size() {
      return size;
    }

    @Override
    String describe() {
      return "an object";
    }
  }

  /** One key of an object: the key's text and place (a scalar too) and its value. */
  record Entry(Scalar key, ConfigNode value) {}
}
