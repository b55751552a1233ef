package dev.headgate.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * URLs of endpoints. Parsed here because java.net.URI finds no host in names with an underscore,
 * which container networks are full of.
 */
final class Endpoints {
  private static final String EXPECTED = "a URL such as http://users:8080 or https://users/base";

  /**
   * RFC 3986, section 3: scheme, authority, path; what an endpoint may not have is caught to say
   * so.
   */
  private static final Pattern URL =
      Pattern.compile("(?i)(https?)://([^/?#]*)(/[^?#]*)?(\\?[^#]*)?(#.*)?");

  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9]([A-Za-z0-9._-]{0,252}))(?::([0-9]{1,5}))?");

  /** RFC 3986, section 3.3: pchar and slashes. */
  private static final Pattern PATH =
      Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]++|%[0-9A-Fa-f]{2})++)*+/?");

  private static final Spec<EndpointConfig> SHORT =
      new ScalarSpec<>(
          EXPECTED,
          Schemas.of("type", "string", "pattern", "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+(/[^?#]*)?$"),
          false,
          Endpoints::parse);

  private static final Field<EndpointConfig> URL_FIELD =
      Field.required(
          "url",
          SHORT,
          "Scheme http or https, host, port unless 80 or 443, and a base path, which goes before every path.");

  private static final Field<Integer> WEIGHT =
      Field.withDefault(
          "weight",
          Specs.integer(1, 1000),
          "1",
          "Share of the requests, relative to the other endpoints of the upstream.");

  private static final Spec<EndpointConfig> LONG =
      Specs.object(v -> weighted(v.get(URL_FIELD), v.get(WEIGHT)), URL_FIELD, WEIGHT);

  /** A list of endpoints, no two at one place. */
  static final Spec<List<EndpointConfig>> SPEC =
      new EndpointsSpec(Specs.listOf(Specs.either(SHORT, LONG), 1, 1000));

  // Beyond what any server takes, and before what java.util.regex can match without an end to its
  // stack.
  private static final int LONGEST = 2000;

  private Endpoints() {}

  private static EndpointConfig weighted(EndpointConfig e, int weight) {
    return new EndpointConfig(e.scheme(), e.host(), e.port(), e.basePath(), weight);
  }

  private static @Nullable EndpointConfig parse(String text, Refusal refusal) {
    if (text.length() > LONGEST) {
      return refuse(refusal, "has more than " + LONGEST + " characters");
    }
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      return refuse(refusal, "is no http or https URL");
    }
    if (url.group(4) != null || url.group(5) != null) {
      return refuse(refusal, "has a query or a fragment, which endpoints cannot have");
    }
    if (url.group(2).indexOf('@') >= 0) {
      return refuse(refusal, "has a user or password, which endpoints cannot have");
    }
    Matcher authority = AUTHORITY.matcher(url.group(2));
    if (!authority.matches() || !isHost(authority.group(1))) {
      return refuse(refusal, "has no usable host and port");
    }
    String scheme = url.group(1).toLowerCase(Locale.ROOT);
    String digits = authority.group(3);
    int port = digits == null ? (scheme.equals("https") ? 443 : 80) : Integer.parseInt(digits);
    if (port < 1 || port > 65535) {
      return refuse(refusal, "has a port beyond 1..65535");
    }
    String path = url.group(3) == null ? "" : url.group(3);
    if (!PATH.matcher(path).matches()
        || (path + "/").contains("/./")
        || (path + "/").contains("/../")) {
      return refuse(refusal, "has a base path that is no plain path");
    }
    String host = authority.group(1).toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return new EndpointConfig(scheme, bare, port, base, 1);
  }

  private static @Nullable EndpointConfig refuse(Refusal refusal, String reason) {
    refusal.because(ProblemCode.BAD_URL, reason + " (expected: " + EXPECTED + ")");
    return null;
  }

  private static boolean isHost(String host) {
    if (!host.startsWith("[")) {
      return !host.contains("..");
    }
    try {
      // Brackets make it a literal address: nothing is looked up.
      return InetAddress.getByName(host).getAddress().length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
