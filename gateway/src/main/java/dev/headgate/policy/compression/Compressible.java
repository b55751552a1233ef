package dev.headgate.policy.compression;

import dev.headgate.exchange.FieldValues;
import dev.headgate.exchange.GatewayResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** Whether an answer is one that a route compresses, for a client that wants it. Pure. */
final class Compressible {
  private static final String NO_TRANSFORM = "no-transform";

  /** Fields that vouch for the very bytes (RFC 9530, RFC 3230, RFC 1864). */
  private static final String[] DIGESTS = {
    "content-digest", "repr-digest", "digest", "content-md5",
  };

  private Compressible() {}

  /**
   * Whether it is, and so varies with {@code Accept-Encoding} whatever this client asked for.
   *
   * @param head whether the request was a HEAD: the length is then that of a body that never comes
   */
  static boolean is(CompressionConfig config, boolean head, GatewayResponse response) {
    HttpHeaders headers = response.headers();
    int status = response.status().code();
    if (status == 304) {
      // Of the answer it stands for it tells no type; that one varied, or may have.
      return !mustStayAsItIs(headers);
    }
    if (status < 200 || status == 204 || status == 205 || status == 206) {
      return false;
    }
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null
        && config.types().contain(type)
        && isLongEnough(config, head, response)
        && !mustStayAsItIs(headers);
  }

  private static boolean isLongEnough(
      CompressionConfig config, boolean head, GatewayResponse response) {
    long length = head ? declared(response.headers()) : response.body().length();
    return length < 0 || (length > 0 && length >= config.minSize());
  }

  private static long declared(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length.trim());
    } catch (NumberFormatException e) {
      // The upstream's codec lets no such thing through; a route's own answer has no such field.
      return -1;
    }
  }

  private static boolean mustStayAsItIs(HttpHeaders headers) {
    if (isEncoded(headers)
        || headers.contains(HttpHeaderNames.CONTENT_RANGE)
        || forbidsTransforms(headers)) {
      return true;
    }
    for (String digest : DIGESTS) {
      if (headers.contains(digest)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEncoded(HttpHeaders headers) {
    return FieldValues.of(headers, HttpHeaderNames.CONTENT_ENCODING).stream()
        .anyMatch(coding -> !coding.equalsIgnoreCase("identity"));
  }

  /** RFC 9111 sections 5.2.1.6 and 5.2.2.6: either side may say so. */
  static boolean forbidsTransforms(HttpHeaders headers) {
    return FieldValues.contain(headers, HttpHeaderNames.CACHE_CONTROL, NO_TRANSFORM);
  }
}
