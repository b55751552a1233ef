package dev.headgate.upstream;

/** What names and values of fields may consist of (RFC 9110 sections 5.1 and 5.5). */
final class FieldText {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
  private static final char DEL = 0x7F;

  private FieldText() {}

  /** A token without capitals, as HTTP/2 has it (RFC 9113 section 8.2.1). */
  static boolean isLowerCaseName(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isCapital(c) || !isToken(c)) {
        return false;
      }
    }
    return text.length() > 0;
  }

  static boolean isToken(char c) {
    return (c >= 'a' && c <= 'z')
        || isCapital(c)
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** No control characters but the tab, and no white space at either end. */
  static boolean isValue(CharSequence text) {
    int length = text.length();
    if (length == 0) {
      return true;
    }
    if (isSpace(text.charAt(0)) || isSpace(text.charAt(length - 1))) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == DEL) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
