package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cache directives (RFC 9111 section 5.2), by their names in lower case. Of a number that stands
 * twice the first counts, and of two restrictions the wider one (section 4.2.1). What cannot be
 * read is kept as a value that is none: who asks for a number then learns that there was one to be
 * read.
 */
final class Directives {
  static final Directives NONE = new Directives(Map.of());

  /** There is no such directive. */
  static final long ABSENT = -1;

  /** There is one, and its value is no number of seconds. */
  static final long INVALID = -2;

  /** What a larger number counts for (RFC 9111 section 1.2.2). */
  static final long MOST_SECONDS = 1L << 31;

  private static final int MOST_DIRECTIVES = 128;
  private static final List<String> FOR_SOME_FIELDS = List.of("private", "no-cache");

  /** Stands in the place of a value that is none, or of another type than there should be. */
  static final String UNREADABLE = "\0";

  private final Map<String, String> values;

  Directives(Map<String, String> values) {
    this.values = values;
  }

  /** What {@code Cache-Control} says, over all its lines. */
  static Directives of(HttpHeaders headers) {
    List<String> lines = headers.getAll(HttpHeaderNames.CACHE_CONTROL);
    return lines.isEmpty() ? NONE : parse(lines);
  }

  /** Reads lines of {@code #( token [ "=" ( token / quoted-string ) ] )}. */
  static Directives parse(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : lines) {
      for (String member : ListField.members(line)) {
        if (values.size() < MOST_DIRECTIVES) {
          add(values, member);
        } else {
          // What else it says is not read, and may be just that.
          values.put("no-store", "");
        }
      }
    }
    return new Directives(values);
  }

  private static void add(Map<String, String> values, String member) {
    int equals = member.indexOf('=');
    String name =
        (equals < 0 ? member : member.substring(0, equals)).trim().toLowerCase(Locale.ROOT);
    String value = equals < 0 ? "" : value(member, equals);
    values.merge(
        name,
        value,
        (first, second) -> FOR_SOME_FIELDS.contains(name) ? wider(first, second) : first);
  }

  private static String value(String member, int equals) {
    // No whitespace belongs around the sign: whatever is meant, it is not to be relied on.
    boolean spaced =
        isSpace(member, equals - 1) || isSpace(member, equals + 1) || equals == member.length() - 1;
    String value = spaced ? null : ListField.unquoted(member.substring(equals + 1));
    return value == null || value.isEmpty() ? UNREADABLE : value;
  }

  private static boolean isSpace(String text, int at) {
    return at >= 0 && at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
  }

  private static String wider(String first, String second) {
    boolean some = isFor(first) && isFor(second);
    return some ? first + "," + second : "";
  }

  private static boolean isFor(String value) {
    return !value.equals(UNREADABLE) && !named(value).isEmpty();
  }

  private static List<String> named(String value) {
    List<String> fields = new ArrayList<>(2);
    for (String field : value.split(",", -1)) {
      String name = field.trim();
      if (!name.isEmpty()) {
        fields.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return fields;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Whether it stands there for the whole response, and not only for some fields. */
  boolean unqualified(String name) {
    String value = values.get(name);
    return value != null && !isFor(value);
  }

  /** Whether it stands there as a word alone. */
  boolean isFlag(String name) {
    String value = values.get(name);
    return value != null && value.isEmpty();
  }

  /** The fields that a directive is limited to, in lower case; empty where it is not. */
  List<String> fields(String name) {
    String value = values.get(name);
    return value == null || !isFor(value) ? List.of() : named(value);
  }

  /** A directive's seconds, 0 to {@link #MOST_SECONDS}, {@link #ABSENT} or {@link #INVALID}. */
  long seconds(String name) {
    String value = values.get(name);
    return value == null ? ABSENT : deltaSeconds(value);
  }

  /** {@code 1*DIGIT} (RFC 9111 section 1.2.2), or {@link #INVALID}. */
  static long deltaSeconds(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return INVALID;
    }
    long seconds = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return INVALID;
      }
      seconds = Math.min(MOST_SECONDS, seconds * 10 + digit);
    }
    return seconds;
  }
}
