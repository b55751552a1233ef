package dev.headgate.contract.harness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What may stand in no log. It is planted in the requests of {@link RawHttp} and in {@link Answer}s
 * where a test does not say otherwise; the build fails where a gateway of the whole run has logged
 * it.
 */
public final class Secrets {
  public static final String PLANTED =
      Objects.requireNonNull(System.getProperty("headgate.secret"), "headgate.secret");

  private static final List<String> OF_REQUESTS =
      List.of(
          "Authorization: Bearer " + PLANTED,
          "Cookie: session=" + PLANTED,
          "X-Api-Key: " + PLANTED);
  private static final List<String> OF_ANSWERS =
      List.of("Set-Cookie: session=" + PLANTED + "; HttpOnly");

  private Secrets() {}

  /** {@code fields}, and those that carry secrets unless one of that name is there. */
  static List<String> withRequest(String... fields) {
    return with(fields, OF_REQUESTS);
  }

  static List<String> withAnswer(String... fields) {
    return with(fields, OF_ANSWERS);
  }

  private static List<String> with(String[] fields, List<String> secrets) {
    List<String> all = new ArrayList<>(List.of(fields));
    for (String secret : secrets) {
      String name = secret.substring(0, secret.indexOf(':') + 1).toLowerCase(Locale.ROOT);
      if (Arrays.stream(fields).noneMatch(f -> f.toLowerCase(Locale.ROOT).startsWith(name))) {
        all.add(secret);
      }
    }
    return all;
  }

  /** The secret as it would stand in a text, in a dump, and in a field of Basic authentication. */
  public static List<String> forms() {
    byte[] octets = PLANTED.getBytes(StandardCharsets.US_ASCII);
    String base64 = Base64.getEncoder().encodeToString(octets);
    return List.of(PLANTED, HexFormat.of().formatHex(octets), base64.substring(0, 12));
  }
}
