package dev.headgate.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Texts for messages. */
final class Texts {
  private static final int LONGEST = 60;

  private Texts() {}

  /** In double quotes, shortened, without characters that would disturb a terminal. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> append(out, c));
    return out.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"").toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '"' -> out.append("\\\"");
      default -> {
        if (Character.isISOControl(codePoint)) {
          out.append(String.format("\\u%04x", codePoint));
        } else {
          out.appendCodePoint(codePoint);
        }
      }
    }
  }

  /** {@code a, b or c}. */
  static String choice(Collection<String> words) {
    List<String> list = new ArrayList<>(words);
    if (list.size() < 2) {
      return String.join("", list);
    }
    String last = list.remove(list.size() - 1);
    return String.join(", ", list) + " or " + last;
  }

  /** A key that is none of those known, as the end of a message. */
  static String unknownKey(String key, Collection<String> known) {
    String near = nearest(key, known);
    String hint = near == null ? "expected: " + choice(known) : "did you mean " + near + "?";
    return quote(key) + " is no key here (" + hint + ")";
  }

  /** The word that was probably meant, or null if none is near enough. */
  static @Nullable String nearest(String word, Collection<String> known) {
    String best = null;
    int least = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance =
          Math.abs(candidate.length() - word.length()) < least ? distance(word, candidate) : least;
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  // Levenshtein's distance, case ignored; words are short (ids have at most 100 characters).
  private static int distance(String left, String right) {
    String a = left.substring(0, Math.min(left.length(), 100)).toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int swap = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(swap, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
