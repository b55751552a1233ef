package dev.headgate.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One hop of {@code Forwarded} (RFC 7239 section 4), of its parameters those that are used.
 *
 * @param node {@code for}, without its quotes
 * @param host as sent, not judged
 * @param proto as sent, not judged
 */
record ForwardedElement(@Nullable String node, @Nullable String host, @Nullable String proto) {

  /**
   * Reads all lines of the field.
   *
   * @return the hops in their order, or null where any of it is malformed: half a chain says
   *     nothing
   */
  static @Nullable List<ForwardedElement> parse(List<String> lines) {
    List<ForwardedElement> elements = new ArrayList<>();
    for (String line : lines) {
      // Each line by itself: a quote that was left open in one must not swallow the next.
      if (!new Parser(line).into(elements)) {
        return null;
      }
    }
    return elements;
  }

  private static final class Parser {
    private final String text;
    private int at;
    private @Nullable String node;
    private @Nullable String host;
    private @Nullable String proto;

    Parser(String text) {
      this.text = text;
    }

    boolean into(List<ForwardedElement> elements) {
      do {
        node = null;
        host = null;
        proto = null;
        if (!element()) {
          return false;
        }
        elements.add(new ForwardedElement(node, host, proto));
      } while (skipped(','));
      return at == text.length();
    }

    private boolean element() {
      do {
        String name = token().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || !skippedExactly('=') || !value(name)) {
          return false;
        }
      } while (skipped(';'));
      return true;
    }

    private boolean value(String name) {
      String value = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
      if (value == null || value.isEmpty()) {
        return false;
      }
      // A parameter occurs once in an element (section 4).
      switch (name) {
        case "for" -> {
          boolean first = node == null;
          node = value;
          return first;
        }
        case "host" -> {
          boolean first = host == null;
          host = value;
          return first;
        }
        case "proto" -> {
          boolean first = proto == null;
          proto = value;
          return first;
        }
        default -> {
          return true;
        }
      }
    }

    private String token() {
      skipSpace();
      return run(false);
    }

    // A colon belongs into quotes, but for=192.0.2.1:80 without them is common and not ambiguous.
    private String bare() {
      return run(true);
    }

    private String run(boolean colons) {
      int from = at;
      while (at < text.length()
          && (isToken(text.charAt(at)) || (colons && ":[]".indexOf(text.charAt(at)) >= 0))) {
        at++;
      }
      return text.substring(from, at);
    }

    private @Nullable String quoted() {
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return value.toString();
        }
        if (c == '\\' && ++at == text.length()) {
          return null;
        }
        value.append(text.charAt(at));
      }
      return null;
    }

    private boolean skipped(char wanted) {
      skipSpace();
      return skippedExactly(wanted);
    }

    private boolean skippedExactly(char wanted) {
      boolean there = at < text.length() && text.charAt(at) == wanted;
      if (there) {
        at++;
      }
      return there;
    }

    private void skipSpace() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }

    private static boolean isToken(char c) {
      boolean digit = c >= '0' && c <= '9';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      return digit || letter || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }
}
