package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The request fields by which an answer was selected (RFC 9111 section 4.1), and what they were.
 *
 * @param names in lower case, sorted
 * @param values of each, normalised; null where the request had no such field
 */
record Vary(List<String> names, List<@Nullable String> values) {
  /** An answer that nothing of the request selected. */
  static final Vary NOTHING = new Vary(List.of(), List.of());

  /** Fields whose members may stand in any order and case, since each has its own weight. */
  private static final Set<String> WEIGHTED =
      Set.of("accept-language", "accept-encoding", "accept-charset");

  /** The names that an answer gives, over all lines, in lower case and sorted. */
  static List<String> of(HttpHeaders response) {
    List<String> lines = response.getAll(HttpHeaderNames.VARY);
    if (lines.isEmpty()) {
      return List.of();
    }
    Set<String> names = new TreeSet<>();
    for (String line : lines) {
      for (String element : line.split(",", -1)) {
        String name = element.trim();
        if (!name.isEmpty()) {
          names.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }
    return List.copyOf(names);
  }

  /** What a request has of some fields. */
  static Vary of(List<String> names, HttpHeaders request) {
    if (names.isEmpty()) {
      return NOTHING;
    }
    List<@Nullable String> values = new ArrayList<>(names.size());
    for (String name : names) {
      values.add(value(name, request));
    }
    return new Vary(names, values);
  }

  /** Whether another request has the same. */
  boolean matches(HttpHeaders request) {
    for (int i = 0; i < names.size(); i++) {
      String there = value(names.get(i), request);
      String here = values.get(i);
      if (here == null ? there != null : !here.equals(there)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String value(String name, HttpHeaders request) {
    List<String> lines = request.getAll(name);
    if (lines.isEmpty()) {
      return null;
    }
    // Lines are one list, and whitespace around its commas means nothing.
    List<String> members = new ArrayList<>(4);
    for (String line : lines) {
      members.addAll(ListField.members(line));
    }
    if (!WEIGHTED.contains(name)) {
      return String.join(",", members);
    }
    String[] sorted = new String[members.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = squeezed(members.get(i));
    }
    Arrays.sort(sorted);
    return String.join(",", sorted);
  }

  private static String squeezed(String member) {
    StringBuilder text = new StringBuilder(member.length());
    for (int i = 0; i < member.length(); i++) {
      char c = member.charAt(i);
      if (c != ' ' && c != '\t') {
        text.append(Character.toLowerCase(c));
      }
    }
    return text.toString();
  }
}
