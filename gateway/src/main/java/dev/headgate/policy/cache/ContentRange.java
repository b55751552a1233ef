package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a whole an answer is (RFC 9110 section 14.4).
 *
 * @param first byte of it, from 0
 * @param last byte of it
 * @param whole length, more than {@code last}
 */
record ContentRange(long first, long last, long whole) {
  private static final Pattern KNOWN =
      Pattern.compile("(?i:bytes) (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /** Null where it is not said, of several parts, of a whole of unknown length, or nonsense. */
  static @Nullable ContentRange of(HttpHeaders headers) {
    List<String> lines = headers.getAll(HttpHeaderNames.CONTENT_RANGE);
    Matcher said = KNOWN.matcher(lines.size() == 1 ? lines.get(0).trim() : "");
    if (!said.matches()) {
      return null;
    }
    ContentRange range =
        new ContentRange(
            Long.parseLong(said.group(1)),
            Long.parseLong(said.group(2)),
            Long.parseLong(said.group(3)));
    return range.first <= range.last && range.last < range.whole ? range : null;
  }

  long length() {
    return last - first + 1;
  }

  /** Whether what is asked for is in it; what cannot be satisfied is not. */
  boolean has(ByteRange asked) {
    return asked.length() > 0
        && asked.first() >= first
        && asked.first() + asked.length() - 1 <= last;
  }

  /** Whether it goes on where another ends, to the end of the same whole. */
  boolean completes(ContentRange earlier) {
    return earlier.first == 0
        && first == earlier.last + 1
        && last == whole - 1
        && whole == earlier.whole;
  }

  /** As {@code Content-Range} has it. */
  String text() {
    return "bytes " + first + "-" + last + "/" + whole;
  }
}
