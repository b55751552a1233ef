package dev.headgate.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/**
 * What a case says of the messages themselves, as {@code > -Upgrade ; < Via ; > body abc}: on
 * {@code >} the request as the service got it, on {@code <} the answer as the client got it.
 */
final class Checks {
  private static final Pattern SEPARATOR = Pattern.compile(" ; ");

  private Checks() {}

  static void check(Row row, String checks, char side, Message message) {
    for (String check : SEPARATOR.split(checks, 0)) {
      if (!check.isBlank() && check.charAt(0) == side) {
        String text = Escapes.latin1(Escapes.decode(check.substring(1).strip()));
        one(row.name() + ": " + check + " in " + message, text, message);
      }
    }
  }

  private static void one(String check, String text, Message message) {
    if (text.equals("body") || text.startsWith("body ")) {
      assertThat(message.body()).as(check).isEqualTo(text.substring(Math.min(5, text.length())));
    } else if (text.startsWith("-trailer ")) {
      assertThat(message.trailerValues(text.substring(9))).as(check).isEmpty();
    } else if (text.startsWith("trailer ")) {
      assertThat(message.trailers()).as(check).contains(text.substring(8));
    } else if (text.startsWith("-")) {
      assertThat(message.values(text.substring(1))).as(check).isEmpty();
    } else if (text.contains(":")) {
      int colon = text.indexOf(':');
      assertThat(message.values(text.substring(0, colon)))
          .as(check)
          .contains(text.substring(colon + 1).strip());
    } else {
      assertThat(message.values(text)).as(check).isNotEmpty();
    }
  }
}
