package dev.headgate.upstream;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of one response's head say of its framing (RFC 9112 section 6.3), as far as a
 * gateway may believe it: what two parties could read in two ways is an offence.
 */
final class ResponseFields {
  private static final String LENGTH = "content-length";
  private static final String CODING = "transfer-encoding";
  private static final int LONGEST_NAME = CODING.length();
  private static final int LONGEST_VALUE = 64;
  private static final int LENGTH_DIGITS = 18;

  private final StringBuilder name = new StringBuilder(LONGEST_NAME);
  private final StringBuilder value = new StringBuilder(LONGEST_VALUE);
  private boolean tooLong;
  private long length;
  private boolean chunked;

  void begin() {
    length = -1;
    chunked = false;
    fieldBegins();
  }

  void fieldBegins() {
    name.setLength(0);
    value.setLength(0);
    tooLong = false;
  }

  void name(char c) {
    if (name.length() <= LONGEST_NAME) {
      name.append(c);
    }
  }

  void value(char c) {
    if (name.length() < LENGTH.length() || name.length() > LONGEST_NAME) {
      return;
    }
    if (value.length() < LONGEST_VALUE) {
      value.append(c);
    } else {
      tooLong = true;
    }
  }

  /** The field is here whole; says what it offends against, or null. */
  @Nullable String fieldEnds() {
    String field = name.toString().toLowerCase(Locale.ROOT);
    if (field.equals(LENGTH)) {
      return lengthGiven(value.toString().strip());
    }
    return field.equals(CODING) ? codingGiven(value.toString().strip()) : null;
  }

  private @Nullable String lengthGiven(String text) {
    if (length >= 0) {
      return "Content-Length is given more than once";
    }
    if (tooLong || !text.matches("[0-9]{1," + LENGTH_DIGITS + "}")) {
      return "Content-Length is not one number";
    }
    length = Long.parseLong(text);
    return null;
  }

  private @Nullable String codingGiven(String text) {
    if (chunked || tooLong || !text.equalsIgnoreCase("chunked")) {
      return "Transfer-Encoding is not exactly one chunked";
    }
    chunked = true;
    return null;
  }

  boolean chunked() {
    return chunked;
  }

  /** What {@code Content-Length} says, or -1. */
  long length() {
    return length;
  }
}
