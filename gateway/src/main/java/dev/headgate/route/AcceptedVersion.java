package dev.headgate.route;

import dev.headgate.exchange.VersionSource;
import dev.headgate.route.VersionOutcome.Said;
import java.util.List;

/**
 * The version that all lines of {@code Accept} together ask for: of the ranges that name one which
 * is served, that of the highest weight, and of equal weight the first. It is unknown only where
 * ranges name versions and none of them is served.
 */
final class AcceptedVersion {
  private static final int MOST = 1000;

  private final VersionScheme scheme;
  private final VersionTable table;
  private final Named best = new Named();
  private final Named unknown = new Named();
  private final Named current = new Named();
  private int weight = MOST;

  /** Whether the current range has named two versions. */
  private boolean ambiguous;

  /** What one range names. */
  private static final class Named {
    private int version = VersionReader.NOTHING;
    private int weight;
    private String text = "";
    private int from;
    private int to;

    void set(int named, String inText, int start, int end) {
      version = named;
      text = inText;
      from = start;
      to = end;
    }

    void take(Named other, int otherWeight) {
      set(other.version, other.text, other.from, other.to);
      weight = otherWeight;
    }

    String said() {
      return text.substring(from, to);
    }
  }

  AcceptedVersion(VersionScheme scheme, VersionTable table) {
    this.scheme = scheme;
    this.table = table;
  }

  /** Reads one more line. */
  void read(MediaRanges line, String parameter) {
    int range = 0;
    while (line.next()) {
      if (line.range() != range) {
        rangeEnds();
        range = line.range();
      }
      if (line.isNamed(parameter)) {
        name(line);
      } else if (line.isNamed("q")) {
        weight = line.weight();
      }
    }
    rangeEnds();
  }

  private void name(MediaRanges line) {
    String text = line.text();
    int to = line.to(text);
    int found = table.find(scheme.read(text, line.from(), to));
    if (current.version == VersionReader.NOTHING) {
      current.set(found, text, line.from(), to);
    } else if (current.version != found && !ambiguous) {
      // A range that names two versions names none.
      String both = current.said() + " and " + text.substring(line.from(), to);
      current.set(VersionReader.UNKNOWN, both, 0, both.length());
      ambiguous = true;
    }
  }

  private void rangeEnds() {
    if (current.version >= 0 && weight > best.weight) {
      best.take(current, weight);
    } else if (current.version == VersionReader.UNKNOWN && weight > unknown.weight) {
      unknown.take(current, weight);
    }
    current.version = VersionReader.NOTHING;
    ambiguous = false;
    weight = MOST;
  }

  int version() {
    return best.version >= 0 ? best.version : unknown.version;
  }

  /** What was said, for a refusal. */
  void addTo(List<Said> said) {
    Named told = best.version >= 0 ? best : unknown;
    if (told.version != VersionReader.NOTHING) {
      said.add(
          VersionReader.said(VersionSource.ACCEPT, told.text, told.from, told.to, told.version));
    }
  }
}
