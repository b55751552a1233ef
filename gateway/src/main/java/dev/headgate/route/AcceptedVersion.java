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

  /** What one range names. */
  private static final class Named {
    private int version = VersionReader.NOTHING;
    private int weight;
    private String text = "";
    private int from;
    private int to;

    void take(Named other, int otherWeight) {
      version = other.version;
      weight = otherWeight;
      text = other.text;
      from = other.from;
      to = other.to;
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
    // A range that names two versions names none.
    boolean first = current.version == VersionReader.NOTHING || current.version == found;
    current.version = first ? found : VersionReader.UNKNOWN;
    current.text = text;
    current.from = line.from();
    current.to = to;
  }

  private void rangeEnds() {
    if (current.version >= 0 && weight > best.weight) {
      best.take(current, weight);
    } else if (current.version == VersionReader.UNKNOWN && weight > unknown.weight) {
      unknown.take(current, weight);
    }
    current.version = VersionReader.NOTHING;
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
