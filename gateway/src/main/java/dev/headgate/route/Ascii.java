package dev.headgate.route;

/**
 * Characters of ASCII only: {@code Character} and {@code String.toLowerCase} know letters no host
 * or header name has.
 */
final class Ascii {
  private Ascii() {}

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetterOrDigit(int c) {
    int lower = c | 0x20;
    return isDigit(c) || (lower >= 'a' && lower <= 'z');
  }

  /** The value of a hex digit, or -1. */
  static int hexDigit(int c) {
    if (isDigit(c)) {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /**
   * Gives back the same object where nothing changes. {@code String.toLowerCase} would fold the
   * Kelvin sign to {@code k}.
   */
  static String lowerCase(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isUpper(text.charAt(i))) {
        char[] chars = text.toCharArray();
        for (int j = i; j < chars.length; j++) {
          chars[j] = isUpper(chars[j]) ? (char) (chars[j] | 0x20) : chars[j];
        }
        return new String(chars);
      }
    }
    return text;
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }
}
