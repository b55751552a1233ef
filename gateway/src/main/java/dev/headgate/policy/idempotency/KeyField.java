package dev.headgate.policy.idempotency;

import io.netty.util.AsciiString;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Idempotency-Key}: an Item of Structured Fields (RFC 8941 section 3.3) that is a
 * String, as draft-ietf-httpapi-idempotency-key-header-07 section 2.1 has it; or the same without
 * quotes, as most clients send it. Parameters of the Item say nothing. Pure.
 */
final class KeyField {
  static final AsciiString NAME = AsciiString.cached("idempotency-key");

  /** Characters of a key. */
  static final int LONGEST = 255;

  private static final String KEY = "[a-z*][a-z0-9_.*-]*+";
  private static final String ITEM =
      "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+\"|:[A-Za-z0-9+/=]*+:|\\?[01]|-?[0-9]{1,15}+(?:\\.[0-9]{1,3}+)?+|[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*+";
  private static final Pattern QUOTED =
      Pattern.compile(
          "\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+)\"(?:; *+" + KEY + "(?:=(?:" + ITEM + "))?+)*+");

  // No comma, which would join two keys, no semicolon, no backslash and no quote, which belong to
  // the other form. Digits come first in many keys: tokens of Structured Fields would not do.
  private static final Pattern BARE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]++");

  private KeyField() {}

  /**
   * The key of a field's lines.
   *
   * @return null where they are not one key
   */
  static @Nullable String key(List<String> lines) {
    String found = null;
    for (String line : lines) {
      String key = key(line);
      if (key == null || (found != null && !found.equals(key))) {
        return null;
      }
      found = key;
    }
    return found;
  }

  private static @Nullable String key(String line) {
    String text = line.strip();
    // Nothing that could still be a key, escaped to the last character and with parameters.
    if (text.length() > 8 * LONGEST) {
      return null;
    }
    String key = text.startsWith("\"") ? unquoted(text) : bare(text);
    return key == null || key.isEmpty() || key.length() > LONGEST ? null : key;
  }

  private static @Nullable String bare(String text) {
    return BARE.matcher(text).matches() ? text : null;
  }

  private static @Nullable String unquoted(String text) {
    Matcher quoted = QUOTED.matcher(text);
    if (!quoted.matches()) {
      return null;
    }
    String inside = quoted.group(1);
    return inside.indexOf('\\') < 0 ? inside : inside.replaceAll("\\\\(.)", "$1");
  }
}
