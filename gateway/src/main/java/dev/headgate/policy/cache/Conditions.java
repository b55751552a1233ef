package dev.headgate.policy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's preconditions, held against a stored answer (RFC 9110 section 13, RFC 9111 section
 * 4.3.2).
 */
final class Conditions {
  private static final CharSequence[] FIELDS = {
    HttpHeaderNames.IF_NONE_MATCH,
    HttpHeaderNames.IF_MODIFIED_SINCE,
    HttpHeaderNames.IF_MATCH,
    HttpHeaderNames.IF_UNMODIFIED_SINCE,
    HttpHeaderNames.IF_RANGE
  };
  private static final String WEAK = "W/";

  private Conditions() {}

  /** Whether the request has any. */
  static boolean in(HttpHeaders request) {
    for (CharSequence field : FIELDS) {
      if (request.contains(field)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it has one that is for the service alone to judge (RFC 9111 section 4.3.2). */
  static boolean forService(HttpHeaders request) {
    return request.contains(HttpHeaderNames.IF_MATCH)
        || request.contains(HttpHeaderNames.IF_UNMODIFIED_SINCE);
  }

  static void removeFrom(HttpHeaders request) {
    for (CharSequence field : FIELDS) {
      request.remove(field);
    }
  }

  /** Asks whether a stored answer is still the one there is (RFC 9111 section 4.3.1). */
  static void validate(Head stored, HttpHeaders request) {
    String tag = stored.headers().get(HttpHeaderNames.ETAG);
    if (tag != null) {
      request.set(HttpHeaderNames.IF_NONE_MATCH, tag);
    }
    String modified = stored.headers().get(HttpHeaderNames.LAST_MODIFIED);
    if (modified != null) {
      request.set(HttpHeaderNames.IF_MODIFIED_SINCE, modified);
    }
  }

  /** Whether an answer can be asked for so. */
  static boolean canValidate(Head stored) {
    return stored.headers().contains(HttpHeaderNames.ETAG)
        || stored.headers().contains(HttpHeaderNames.LAST_MODIFIED);
  }

  /**
   * Whether a 304 is about this answer (RFC 9111 section 4.3.4): it has the same validators, or
   * none.
   */
  static boolean confirms(HttpHeaders notModified, Head stored) {
    String tag = notModified.get(HttpHeaderNames.ETAG);
    if (tag != null) {
      String known = stored.headers().get(HttpHeaderNames.ETAG);
      return known == null || weakly(tag, known);
    }
    String modified = notModified.get(HttpHeaderNames.LAST_MODIFIED);
    String known = stored.headers().get(HttpHeaderNames.LAST_MODIFIED);
    return modified == null || known == null || modified.equals(known);
  }

  /** Whether the client has it already, so that a 304 does. */
  static boolean notModified(HttpHeaders request, Head stored) {
    List<String> lines = request.getAll(HttpHeaderNames.IF_NONE_MATCH);
    if (!lines.isEmpty()) {
      return matches(lines, stored.headers().get(HttpHeaderNames.ETAG));
    }
    String since = request.get(HttpHeaderNames.IF_MODIFIED_SINCE);
    if (since == null) {
      return false;
    }
    long now = stored.receivedMillis() / 1000;
    long limit = HttpDates.seconds(since, now);
    String modified = stored.headers().get(HttpHeaderNames.LAST_MODIFIED);
    if (modified == null) {
      modified = stored.headers().get(HttpHeaderNames.DATE);
    }
    long changed = HttpDates.seconds(modified, now);
    return limit != HttpDates.NONE && changed != HttpDates.NONE && changed <= limit;
  }

  private static boolean matches(List<String> lines, @Nullable String tag) {
    for (String line : lines) {
      for (String member : ListField.members(line)) {
        if (member.equals("*") || (tag != null && weakly(member, tag))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Weak comparison (RFC 9110 section 8.8.3.2). */
  private static boolean weakly(String one, String other) {
    return opaque(one).equals(opaque(other));
  }

  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }

  /**
   * Whether a range may be cut of a stored answer: {@code If-Range} names its strong validator, or
   * is not there (RFC 9110 section 13.1.5).
   */
  static boolean allowsRange(HttpHeaders request, Head stored) {
    String condition = request.get(HttpHeaderNames.IF_RANGE);
    if (condition == null) {
      return true;
    }
    if (condition.startsWith("\"") || condition.startsWith(WEAK)) {
      return !condition.startsWith(WEAK)
          && condition.equals(stored.headers().get(HttpHeaderNames.ETAG));
    }
    String modified = stored.headers().get(HttpHeaderNames.LAST_MODIFIED);
    return condition.equals(modified) && isStrong(modified, stored);
  }

  // RFC 9110 section 8.8.2.2: it did not change again within the second.
  private static boolean isStrong(String modified, Head stored) {
    long now = stored.receivedMillis() / 1000;
    long changed = HttpDates.seconds(modified, now);
    long made = HttpDates.seconds(stored.headers().get(HttpHeaderNames.DATE), now);
    return changed != HttpDates.NONE && made != HttpDates.NONE && made > changed;
  }
}
