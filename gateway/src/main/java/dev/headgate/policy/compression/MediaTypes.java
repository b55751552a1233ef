package dev.headgate.policy.compression;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The media types a route compresses: {@code text/html}, {@code text/*}, {@code
 * application/*+json}.
 */
record MediaTypes(List<String> patterns) {
  private static final String TOKEN = "[A-Za-z0-9!#$&^_.-]+";
  static final Pattern SYNTAX =
      Pattern.compile(TOKEN + "/(?:\\*|(?:\\*\\+)?" + TOKEN + "(?:\\+" + TOKEN + ")*)");

  MediaTypes {
    patterns = patterns.stream().map(pattern -> pattern.toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether a {@code Content-Type} is one of them, whatever its parameters. */
  boolean contain(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .trim()
            .toLowerCase(Locale.ROOT);
    for (int i = 0; i < patterns.size(); i++) {
      if (matches(patterns.get(i), type)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String type) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(type);
    }
    // What stands for the star is not empty.
    int after = pattern.length() - star - 1;
    return type.length() > star + after
        && type.startsWith(pattern.substring(0, star))
        && type.endsWith(pattern.substring(star + 1));
  }
}
