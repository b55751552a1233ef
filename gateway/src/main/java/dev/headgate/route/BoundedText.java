package dev.headgate.route;

import java.util.regex.Pattern;

/**
 * Text that lets a regular expression look only so often. {@code java.util.regex} backtracks:
 * {@code .*.*.*.*b}, harmless in the config, looks as often as the fourth power of the text's
 * length, and a back-reference exponentially, so that anyone who sends {@code aaaa…} would hold an
 * event loop for hours.
 */
final class BoundedText implements CharSequence {
  /** Far above what a linear pattern needs for the longest header; about a millisecond. */
  static final int MAX_LOOKS = 200_000;

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("too many looks", null, false, false);
    }
  }

  private final String text;
  private int looks;

  private BoundedText(String text) {
    this.text = text;
  }

  /**
   * Whether the whole text matches; false also where finding out would take too long or too deep a
   * recursion.
   */
  static boolean matches(Pattern pattern, String text) {
    try {
      return pattern.matcher(new BoundedText(text)).matches();
    } catch (Exhausted | StackOverflowError e) {
      // A repeated group recurses for every repetition; the error leaves nothing half done, as the
      // matcher is ours alone.
      return false;
    }
  }

  @Override
  public char charAt(int index) {
    if (++looks > MAX_LOOKS) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
