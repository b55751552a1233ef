package dev.headgate.edge;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fields by which somebody could pass for somebody else: those that proxies write for services to
 * believe. An underscore counts as the hyphen it becomes in CGI and its heirs (RFC 3875 section
 * 4.1.18), where {@code X_Forwarded_For} and {@code X-Forwarded-For} are one variable.
 */
final class IdentitySpoofs {
  private static final String FAMILY = "x-forwarded-";

  /** Besides the whole {@code X-Forwarded-} family. */
  private static final Set<String> NAMES =
      Set.of(
          "forwarded",
          "x-forwarded",
          "forwarded-for",
          "x-real-ip",
          "x-client-ip",
          "client-ip",
          "true-client-ip",
          "x-true-client-ip",
          "x-cluster-client-ip",
          "x-original-forwarded-for",
          "x-original-host",
          "x-originating-ip",
          "x-remote-ip",
          "x-remote-addr",
          "x-proxyuser-ip",
          "cf-connecting-ip",
          "cf-connecting-ipv6",
          "fastly-client-ip",
          "x-envoy-external-address",
          "x-envoy-internal",
          "x-url-scheme",
          "x-scheme",
          "front-end-https",
          "client-cert",
          "client-cert-chain",
          "x-client-cert",
          "x-ssl-client-cert",
          "x-ssl-client-verify",
          "x-ssl-client-dn",
          "x-ssl-client-s-dn",
          "ssl-client-cert",
          "ssl-client-verify",
          "ssl-client-subject-dn");

  private IdentitySpoofs() {}

  /** What a stranger may not say. */
  static void drop(HttpHeaders headers) {
    remove(headers, IdentitySpoofs::isSpoof);
  }

  /** What no proxy writes, and what would say the same to some services. */
  static void dropOddSpellings(HttpHeaders headers) {
    remove(headers, name -> name.indexOf('_') >= 0 && isSpoof(name));
  }

  private static boolean isSpoof(String name) {
    // Most fields are told apart by their first letter.
    char first = name.isEmpty() ? ' ' : Character.toLowerCase(name.charAt(0));
    if ("xfcst".indexOf(first) < 0) {
      return false;
    }
    String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return plain.startsWith(FAMILY) || NAMES.contains(plain);
  }

  private static void remove(HttpHeaders headers, Predicate<String> unwanted) {
    @Nullable List<String> found = null;
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      String name = fields.next().getKey().toString();
      if (unwanted.test(name)) {
        found = found == null ? new ArrayList<>(4) : found;
        found.add(name);
      }
    }
    if (found != null) {
      found.forEach(headers::remove);
    }
  }
}
