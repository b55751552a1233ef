package dev.headgate.route;

import dev.headgate.exchange.VersionSource;
import dev.headgate.route.VersionOutcome.Said;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a request says of its version, place by place. Each answer is the position of the
 * version that serves it, or one of the constants. Where a list is given, what is said is added to
 * it: that is for refusals, since it makes text of it.
 */
final class VersionReader {
  /** Nothing is said. */
  static final int NOTHING = -1;

  /** What is said is no version, or none that is served. */
  static final int UNKNOWN = VersionTable.UNKNOWN;

  /** Two versions are said. */
  static final int CONFLICT = -3;

  private static final int LONGEST_SAID = 40;

  private final VersionScheme scheme;
  private final VersionTable table;
  private final @Nullable String parameter;
  private final @Nullable ForwardedAccept forwarded;
  private final @Nullable String header;
  private final @Nullable String query;

  VersionReader(VersionSources sources, VersionScheme scheme, VersionTable table) {
    this.scheme = scheme;
    this.table = table;
    this.parameter = sources.acceptParameter();
    this.forwarded = parameter == null ? null : new ForwardedAccept(scheme, table, parameter);
    this.header = sources.header() == null ? null : Ascii.lowerCase(sources.header());
    this.query = sources.query() == null ? null : PercentText.canonical(sources.query());
  }

  /** The query parameter's name in canonical form, or null. */
  @Nullable String query() {
    return query;
  }

  /** What the service gets of a line of {@code Accept}, where this version serves. */
  String forwarded(String line, int serving) {
    return forwarded == null ? line : forwarded.of(line, serving);
  }

  /** What two say together; of two failures that which no agreement would mend. */
  static int agreed(int a, int b) {
    if (a == UNKNOWN || b == UNKNOWN) {
      return UNKNOWN;
    }
    if (a == CONFLICT || b == CONFLICT) {
      return CONFLICT;
    }
    if (a == NOTHING || b == NOTHING) {
      return a == NOTHING ? b : a;
    }
    return a == b ? a : CONFLICT;
  }

  int inPath(@Nullable PathMatch path, @Nullable List<Said> said) {
    if (path == null || !path.versioned()) {
      return NOTHING;
    }
    String raw = path.rawPath();
    int from = path.versionStart();
    return readEncoded(VersionSource.PATH, raw, from, RawPath.segmentEnd(raw, from), said);
  }

  int inAccept(RouteRequest request, @Nullable List<Said> said) {
    if (parameter == null || !request.hasHeader("accept")) {
      return NOTHING;
    }
    AcceptedVersion accepted = null;
    for (Iterator<String> lines = request.headers("accept"); lines.hasNext(); ) {
      String line = lines.next();
      if (MediaRanges.mayName(line, parameter)) {
        accepted = accepted == null ? new AcceptedVersion(scheme, table) : accepted;
        accepted.read(new MediaRanges(line), parameter);
      }
    }
    if (accepted != null && said != null) {
      accepted.addTo(said);
    }
    return accepted == null ? NOTHING : accepted.version();
  }

  int inHeader(RouteRequest request, @Nullable List<Said> said) {
    int found = NOTHING;
    if (header != null && request.hasHeader(header)) {
      for (Iterator<String> lines = request.headers(header); lines.hasNext(); ) {
        found = agreed(found, inLine(lines.next(), said));
      }
    }
    return found;
  }

  /** Lines of one name may arrive as one with commas (RFC 9110 section 5.3). */
  private int inLine(String line, @Nullable List<Said> said) {
    int found = NOTHING;
    for (int from = 0; from <= line.length(); ) {
      int comma = line.indexOf(',', from);
      int end = comma < 0 ? line.length() : comma;
      int start = skipBlanks(line, from, end);
      if (start < end) {
        found = agreed(found, read(VersionSource.HEADER, line, start, end, said));
      }
      from = end + 1;
    }
    // A field that is there and says nothing was meant to say something.
    return found == NOTHING ? read(VersionSource.HEADER, line, 0, line.length(), said) : found;
  }

  int inQuery(RouteRequest request, @Nullable List<Said> said) {
    String raw = query == null ? null : request.rawQuery();
    int found = NOTHING;
    if (query != null && raw != null) {
      for (int from = RawQuery.find(raw, query, 0); from >= 0; ) {
        int to = RawQuery.end(raw, from);
        found = agreed(found, readEncoded(VersionSource.QUERY, raw, from, to, said));
        from = RawQuery.find(raw, query, to + 1);
      }
    }
    return found;
  }

  /** No version has a {@code %} or a {@code +} in it: what reads as one needs no decoding. */
  private int readEncoded(
      VersionSource source, String raw, int from, int to, @Nullable List<Said> said) {
    if (said == null && table.find(scheme.read(raw, from, to)) >= 0) {
      return read(source, raw, from, to, null);
    }
    String text = PercentText.decode(raw, from, to, source == VersionSource.QUERY);
    return read(source, text, 0, text.length(), said);
  }

  private int read(VersionSource source, String text, int from, int to, @Nullable List<Said> said) {
    int start = skipBlanks(text, from, to);
    int end = to;
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    int found = table.find(scheme.read(text, start, end));
    if (said != null) {
      said.add(said(source, text, start, end, found));
    }
    return found;
  }

  static Said said(VersionSource source, String text, int from, int to, int found) {
    return new Said(source, text.substring(from, Math.min(to, cut(text, from))), found >= 0);
  }

  /** Half a character would be no text. */
  private static int cut(String text, int from) {
    int cut = Math.min(text.length(), from + LONGEST_SAID);
    return cut > from && Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
  }

  private static int skipBlanks(String text, int from, int to) {
    int i = from;
    while (i < to && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
