package dev.headgate.upstream;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A response's head out of the words of HTTP/2, checked for what would be malformed (RFC 9113
 * section 8.2.1) and what HTTP/1.1 would read as something else.
 *
 * @param status 100 to 599
 * @param headers without pseudo-header fields
 * @param length what {@code Content-Length} says, or -1
 */
record Http2ResponseHead(HttpResponseStatus status, HttpHeaders headers, long length) {
  private static final int STATUS_DIGITS = 3;
  private static final int MAX_LENGTH_DIGITS = 18;

  // Checked here, more strictly than Netty would.
  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  /** The head, or null where it is malformed. */
  static @Nullable Http2ResponseHead of(Http2Headers fields) {
    List<CharSequence> statuses = fields.getAll(Http2Headers.PseudoHeaderName.STATUS.value());
    HttpHeaders headers = fields(fields, true);
    HttpResponseStatus status = statuses.size() == 1 ? status(statuses.get(0)) : null;
    if (headers == null || status == null) {
      return null;
    }
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths.isEmpty()) {
      return new Http2ResponseHead(status, headers, -1);
    }
    String length = lengths.get(0);
    return lengths.size() == 1 && isLength(length)
        ? new Http2ResponseHead(status, headers, Long.parseLong(length))
        : null;
  }

  /** A trailer section, or null where it is malformed. */
  static @Nullable HttpHeaders trailers(Http2Headers fields) {
    return fields(fields, false);
  }

  private static @Nullable HttpResponseStatus status(CharSequence text) {
    if (text.length() != STATUS_DIGITS || text.charAt(0) < '1' || text.charAt(0) > '5') {
      return null;
    }
    int code = 0;
    for (int i = 0; i < STATUS_DIGITS; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return null;
      }
      code = code * 10 + digit - '0';
    }
    return HttpResponseStatus.valueOf(code);
  }

  private static boolean isLength(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static @Nullable HttpHeaders fields(Http2Headers from, boolean head) {
    HttpHeaders out = UNCHECKED.newHeaders();
    for (Entry<CharSequence, CharSequence> field : from) {
      CharSequence name = field.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        if (!head || !Http2Headers.PseudoHeaderName.STATUS.value().contentEquals(name)) {
          return null;
        }
      } else if (FieldText.isLowerCaseName(name) && FieldText.isValue(field.getValue())) {
        out.add(name.toString(), field.getValue().toString());
      } else {
        return null;
      }
    }
    return out;
  }
}
