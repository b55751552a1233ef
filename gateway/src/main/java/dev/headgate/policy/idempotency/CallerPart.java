package dev.headgate.policy.idempotency;

import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import dev.headgate.exchange.GatewayExchange;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something by which one caller is told from another.
 *
 * @param name {@code principal}, {@code client-address}, or a header's in lower case
 */
record CallerPart(String name) {
  static final CallerPart PRINCIPAL = new CallerPart("principal");
  private static final CallerPart CLIENT_ADDRESS = new CallerPart("client-address");

  private static final String CREDENTIAL = "authorization";

  static final Spec<CallerPart> SPEC =
      Specs.text(
              Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}"),
              ProblemCode.BAD_HEADER,
              "principal, client-address, or a header name")
          .map(name -> new CallerPart(name.toLowerCase(Locale.ROOT)));

  /** What it is for a request; empty where the request has nothing of it. */
  List<String> of(GatewayExchange exchange) {
    if (equals(CLIENT_ADDRESS)) {
      return List.of(exchange.request().client());
    }
    return exchange.headers().getAll(header());
  }

  /** The field that says it; for a client's address there is none. */
  String header() {
    return equals(PRINCIPAL) ? CREDENTIAL : name;
  }
}
