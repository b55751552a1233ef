package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A request's target (RFC 9112 section 3.2): a path, an absolute URI, or the asterisk of OPTIONS.
 *
 * @param https whether it is an absolute URI of that scheme
 * @param authority of an absolute URI; null for the others
 * @param path as it came; {@code *} where the whole server is meant
 * @param query without its question mark, or null
 */
record RequestTarget(
    boolean https, @Nullable String authority, String path, @Nullable String query) {
  static final String ASTERISK = "*";

  /**
   * @throws GatewayFailure where it is none of them, or not one that the method may have
   */
  static RequestTarget parse(HttpMethod method, String uri) {
    if (method.equals(HttpMethod.CONNECT)) {
      throw GatewayFailure.of(FailureReason.METHOD_NOT_IMPLEMENTED);
    }
    if (uri.indexOf('#') >= 0) {
      throw malformed("has a fragment");
    }
    if (uri.startsWith("/")) {
      return of(false, null, uri);
    }
    boolean options = method.equals(HttpMethod.OPTIONS);
    if (uri.equals(ASTERISK) && options) {
      return of(false, null, ASTERISK);
    }
    return absolute(uri, options);
  }

  private static RequestTarget absolute(String uri, boolean options) {
    boolean https = isScheme(uri, "https://");
    if (!https && !isScheme(uri, "http://")) {
      throw malformed("is neither a path nor an absolute http URI");
    }
    int start = uri.indexOf("//") + 2;
    int end = start;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    String authority = uri.substring(start, end);
    if (!Authority.valid(authority)) {
      throw malformed("has no host, or more than that and a port");
    }
    if (end == uri.length()) {
      // Section 3.2.4: the last proxy sends the asterisk where there is neither path nor query.
      return of(https, authority, options ? ASTERISK : "/");
    }
    String rest = uri.substring(end);
    return of(https, authority, rest.startsWith("/") ? rest : "/" + rest);
  }

  private static boolean isScheme(String uri, String scheme) {
    return uri.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static RequestTarget of(boolean https, @Nullable String authority, String local) {
    int mark = local.indexOf('?');
    return mark < 0
        ? new RequestTarget(https, authority, local, null)
        : new RequestTarget(https, authority, local.substring(0, mark), local.substring(mark + 1));
  }

  private static GatewayFailure malformed(String message) {
    return RequestHeadReader.malformed("target", message);
  }

  /** Whether the whole server is meant, and no path. */
  boolean asterisk() {
    return path.equals(ASTERISK);
  }
}
