package dev.headgate.policy.cache;

import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something of a request by which one answer is told from another.
 *
 * @param name {@code principal}, or a header's in lower case
 */
record CallerPart(String name) {
  private static final String PRINCIPAL = "principal";
  private static final String CREDENTIAL = "authorization";

  static final Spec<CallerPart> SPEC =
      Specs.text(
              Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}"),
              ProblemCode.BAD_HEADER,
              "principal, or a header name")
          .map(name -> new CallerPart(name.toLowerCase(Locale.ROOT)));

  /**
   * What all parts are for a request, in one text; no field's value can hold what stands between.
   */
  static String of(List<CallerPart> parts, HttpHeaders request) {
    if (parts.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (CallerPart part : parts) {
      text.append(part.name).append('\n');
      for (String value : request.getAll(part.header())) {
        text.append(part.isSecret() ? digest(value) : value).append('\r');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private String header() {
    return name.equals(PRINCIPAL) ? CREDENTIAL : name;
  }

  private boolean isSecret() {
    return header().equals(CREDENTIAL) || name.equals("cookie");
  }

  private static String digest(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
