package dev.headgate.policy.compression;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code Accept-Encoding} (RFC 9110 section 12.5.3). Pure. */
final class AcceptEncoding {
  private static final int UNSAID = -1;
  private static final int MOST = 1000;

  private final Map<Encoding, Integer> weights = new EnumMap<>(Encoding.class);
  private int identity = UNSAID;
  private int others = UNSAID;

  private AcceptEncoding(List<String> elements) {
    for (int i = 0; i < elements.size(); i++) {
      read(elements.get(i));
    }
  }

  /**
   * The coding the client likes best, or null where that is none of these. Of those it likes as
   * well the first offered wins; and where it says that it likes the plain form better, that does.
   *
   * @param elements of the field; empty where the client sent none, which asks for nothing
   */
  static @Nullable Encoding best(List<String> elements, List<Encoding> offered) {
    return elements.isEmpty() ? null : new AcceptEncoding(elements).best(offered);
  }

  private @Nullable Encoding best(List<Encoding> offered) {
    Encoding best = null;
    int most = 0;
    for (int i = 0; i < offered.size(); i++) {
      int weight = weights.getOrDefault(offered.get(i), others);
      if (weight > most) {
        best = offered.get(i);
        most = weight;
      }
    }
    return identity > most ? null : best;
  }

  private void read(String element) {
    int semicolon = element.indexOf(';');
    String coding = (semicolon < 0 ? element : element.substring(0, semicolon)).trim();
    int weight = semicolon < 0 ? MOST : weight(element.substring(semicolon + 1).trim());
    if (weight == UNSAID) {
      return;
    }
    if (coding.equals("*")) {
      others = weight;
    } else if (coding.equalsIgnoreCase("identity")) {
      identity = weight;
    } else {
      for (Encoding known : Encoding.values()) {
        if (isNamed(known, coding)) {
          weights.put(known, weight);
        }
      }
    }
  }

  // RFC 9110 section 8.4.1.3: x-gzip is gzip.
  private static boolean isNamed(Encoding encoding, String coding) {
    return coding.equalsIgnoreCase(encoding.token())
        || (encoding == Encoding.GZIP && coding.equalsIgnoreCase("x-gzip"));
  }

  /** {@code q=0.5} in thousandths (section 12.4.2), or {@link #UNSAID} for what is no weight. */
  private static int weight(String parameter) {
    int length = parameter.length();
    if (length < 3
        || length > 7
        || (parameter.charAt(0) | 0x20) != 'q'
        || parameter.charAt(1) != '='
        || (length > 3 && parameter.charAt(3) != '.')) {
      return UNSAID;
    }
    int value = 0;
    for (int i = 2, place = MOST; i < length; i += i == 2 ? 2 : 1, place /= 10) {
      int digit = parameter.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return UNSAID;
      }
      value += digit * place;
    }
    return value > MOST ? UNSAID : value;
  }
}
