package dev.headgate.route;

/**
 * Walks the parameters of one line of {@code Accept} (RFC 9110 sections 12.5.1 and 5.6.6) without
 * cutting it up: quoted strings may hold commas and semicolons, and what is no media range is
 * walked over all the same. One object a line, which keeps positions.
 */
final class MediaRanges {
  private static final int MOST = 1000;

  private final String line;
  private final int length;

  /** The delimiter to look at next: a semicolon, a comma, or the line's end. */
  private int at;

  private int range;

  /** Where the range begins: behind its comma. */
  private int rangeStart;

  /** Where the parameter begins: at its semicolon. */
  private int start;

  private int nameFrom;
  private int nameTo;
  private int valueFrom;
  private int valueTo;
  private boolean escaped;

  MediaRanges(String line) {
    this.line = line;
    this.length = line.length();
    this.at = delimiter(0);
  }

  /** Whether it is worth walking the line for a parameter; most lines do not have it. */
  static boolean mayName(String line, String name) {
    for (int equals = line.indexOf('='); equals >= 0; equals = line.indexOf('=', equals + 1)) {
      int end = equals;
      while (end > 0 && isBlank(line.charAt(end - 1))) {
        end--;
      }
      if (line.regionMatches(true, end - name.length(), name, 0, name.length())) {
        return true;
      }
    }
    return false;
  }

  /** Goes to the next parameter of whichever range; false where there is none. */
  boolean next() {
    while (at < length && line.charAt(at) == ',') {
      range++;
      rangeStart = at + 1;
      at = delimiter(at + 1);
    }
    if (at >= length) {
      return false;
    }
    start = at;
    read();
    return true;
  }

  /** The range that the parameter belongs to, counted from 0. */
  int range() {
    return range;
  }

  /** Where the range begins that the parameter belongs to. */
  int rangeStart() {
    return rangeStart;
  }

  /** Whether the parameter is the last one of its range. */
  boolean endsRange() {
    return at == length || line.charAt(at) == ',';
  }

  /** Where the range ends, if the parameter is its last one: its comma, or the line's end. */
  int rangeEnd() {
    return at;
  }

  /** Whether the parameter has this name; names know no case. */
  boolean isNamed(String name) {
    return nameTo - nameFrom == name.length()
        && line.regionMatches(true, nameFrom, name, 0, name.length());
  }

  /** The line, or where the value has escapes, the value alone: see {@link #from()}. */
  String text() {
    if (!escaped) {
      return line;
    }
    StringBuilder value = new StringBuilder(valueTo - valueFrom);
    for (int i = valueFrom; i < valueTo; i++) {
      if (line.charAt(i) == '\\' && i + 1 < valueTo) {
        i++;
      }
      value.append(line.charAt(i));
    }
    return value.toString();
  }

  /** Where the value begins in {@link #text()}. */
  int from() {
    return escaped ? 0 : valueFrom;
  }

  /** Where the value ends in the text that {@link #text()} gave. */
  int to(String text) {
    return escaped ? text.length() : valueTo;
  }

  /** The value as a weight in thousandths (section 12.4.2); what is none counts as 1. */
  int weight() {
    int digits = valueTo - valueFrom;
    if (digits < 1 || digits > 5 || (digits > 1 && line.charAt(valueFrom + 1) != '.')) {
      return MOST;
    }
    int value = 0;
    for (int i = 0, place = MOST; i < digits; i += i == 0 ? 2 : 1, place /= 10) {
      int digit = line.charAt(valueFrom + i) - '0';
      if (digit < 0 || digit > 9) {
        return MOST;
      }
      value += digit * place;
    }
    return Math.min(value, MOST);
  }

  /** The line without all parameters of this name; the same object where there is none. */
  static String without(String line, String name) {
    MediaRanges parameters = new MediaRanges(line);
    StringBuilder left = null;
    int kept = 0;
    while (parameters.next()) {
      if (parameters.isNamed(name)) {
        left = left == null ? new StringBuilder(line.length()) : left;
        left.append(line, kept, parameters.trimmedStart());
        kept = parameters.trimmedEnd();
      }
    }
    return left == null ? line : left.append(line, kept, line.length()).toString();
  }

  private int trimmedStart() {
    int from = start;
    while (from > 0 && isBlank(line.charAt(from - 1))) {
      from--;
    }
    return from;
  }

  private int trimmedEnd() {
    int to = at;
    while (to > start && isBlank(line.charAt(to - 1))) {
      to--;
    }
    return to;
  }

  private void read() {
    int end = delimiter(start + 1);
    int nameEnd = find('=', start + 1, end);
    nameFrom = skipBlanks(start + 1, nameEnd);
    nameTo = dropBlanks(nameFrom, nameEnd);
    valueFrom = skipBlanks(Math.min(nameEnd + 1, end), end);
    valueTo = dropBlanks(valueFrom, end);
    escaped = false;
    if (valueFrom < valueTo && line.charAt(valueFrom) == '"') {
      unquote();
    }
    at = end;
  }

  /** What is not closed, or goes on behind its closing quote, keeps its quotes and is no value. */
  private void unquote() {
    if (closingQuote(valueFrom) == valueTo - 1) {
      valueFrom++;
      valueTo--;
      escaped = find('\\', valueFrom, valueTo) < valueTo;
    }
  }

  /** The next of these characters, or {@code to}: no further, so that a line is walked once. */
  private int find(char wanted, int from, int to) {
    int i = from;
    while (i < to && line.charAt(i) != wanted) {
      i++;
    }
    return i;
  }

  /** The next semicolon or comma outside quotes, or the line's end. */
  private int delimiter(int from) {
    int i = from;
    while (i < length) {
      char c = line.charAt(i);
      if (c == ';' || c == ',') {
        return i;
      }
      i = c == '"' ? closingQuote(i) + 1 : i + 1;
    }
    return length;
  }

  /** The quote that closes the string which opens here, or the line's end. */
  private int closingQuote(int open) {
    for (int i = open + 1; i < length; i++) {
      char c = line.charAt(i);
      if (c == '"') {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    return length;
  }

  private int skipBlanks(int from, int to) {
    int i = from;
    while (i < to && isBlank(line.charAt(i))) {
      i++;
    }
    return i;
  }

  private int dropBlanks(int from, int to) {
    int i = to;
    while (i > from && isBlank(line.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
