package dev.headgate.policy.cache;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What nodes tell each other of a {@link Purge}: words in ASCII, separated by spaces. */
final class Told {
  private static final String NONE = "-";

  private Told() {}

  static String text(Purge what) {
    return held(what) + " " + word(what.path()) + " " + word(what.query());
  }

  /** What answers that another node kept are held against. */
  static String held(Purge what) {
    return what.kind() + " " + (what.soft() ? 1 : 0) + " " + word(what.text());
  }

  /**
   * @throws IllegalArgumentException where that is none
   */
  static Purge parse(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 5) {
      throw new IllegalArgumentException(text);
    }
    String what = unword(words[2]);
    return new Purge(
        Purge.Kind.valueOf(words[0]),
        what == null ? "" : what,
        unword(words[3]),
        unword(words[4]),
        words[1].equals("1"));
  }

  // A dash is one that was nothing; one that was a dash is its escape.
  private static String word(@Nullable String text) {
    if (text == null) {
      return NONE;
    }
    return text.equals(NONE) ? "%2D" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static @Nullable String unword(String word) {
    return word.equals(NONE) ? null : URLDecoder.decode(word, StandardCharsets.UTF_8);
  }
}
