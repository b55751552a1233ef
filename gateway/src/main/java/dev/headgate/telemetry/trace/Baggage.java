package dev.headgate.telemetry.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code baggage} (W3C Baggage, section 3.2): what passes of it is named, all else stops here. */
final class Baggage {
  /** Names everything. */
  static final String ALL = "*";

  private static final AsciiString FIELD = AsciiString.cached("baggage");

  private Baggage() {}

  static void drop(HttpHeaders headers) {
    headers.remove(FIELD);
  }

  /**
   * @param allowed keys of members, as they are written; or {@link #ALL}
   */
  static void keepOnly(Set<String> allowed, HttpHeaders headers) {
    if (allowed.contains(ALL) || !headers.contains(FIELD)) {
      return;
    }
    List<String> kept = new ArrayList<>();
    for (String line : headers.getAll(FIELD)) {
      for (String member : line.split(",", -1)) {
        int equals = member.indexOf('=');
        if (equals > 0 && allowed.contains(member.substring(0, equals).strip())) {
          kept.add(member.strip());
        }
      }
    }
    headers.remove(FIELD);
    if (!kept.isEmpty()) {
      headers.set(FIELD, String.join(",", kept));
    }
  }
}
