package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.BooleanItem;
import org.greenbytes.http.sfv.Dictionary;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.jspecify.annotations.Nullable;

/** {@code CDN-Cache-Control}, which says to caches like this one what others are not to heed. */
final class Targeted {
  static final String FIELD = "cdn-cache-control";

  private Targeted() {}

  /**
   * Its directives; null where there are none, or what is there is no dictionary, so that it is as
   * if it were not there (RFC 9213 section 2.1).
   */
  static @Nullable Directives of(HttpHeaders headers) {
    List<String> lines = headers.getAll(FIELD);
    if (lines.isEmpty()) {
      return null;
    }
    try {
      Dictionary dictionary = new Parser(lines).parseDictionary();
      Map<String, String> values = new LinkedHashMap<>();
      dictionary.get().forEach((name, member) -> add(values, name, member));
      return dictionary.get().isEmpty() ? null : new Directives(values);
    } catch (IllegalArgumentException notOne) {
      return null;
    }
  }

  // A value of another type than a directive has is as if the directive were not there.
  private static void add(Map<String, String> values, String name, ListElement<?> member) {
    boolean counts = COUNTS.contains(name);
    if (member instanceof IntegerItem number && counts) {
      values.put(name, number.getAsLong() < 0 ? "-" : Long.toString(number.getAsLong()));
    } else if (member instanceof BooleanItem flag && !counts && flag.get()) {
      values.put(name, "");
    } else if (member instanceof StringItem text && !counts) {
      values.put(name, text.get());
    }
  }

  private static final List<String> COUNTS =
      List.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");
}
