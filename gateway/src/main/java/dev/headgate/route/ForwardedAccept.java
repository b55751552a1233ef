package dev.headgate.route;

/**
 * What a service gets of a line of {@code Accept}: nobody but the gateway knows the version's
 * parameter, and services that refuse parameters they do not know are the reason for this.
 */
final class ForwardedAccept {
  private final VersionScheme scheme;
  private final VersionTable table;
  private final String parameter;

  ForwardedAccept(VersionScheme scheme, VersionTable table, String parameter) {
    this.scheme = scheme;
    this.table = table;
    this.parameter = parameter;
  }

  /**
   * The line without the parameter, and without the ranges that are not acceptable (weight 0) in
   * another version: without their version they would rule the media type out for this one. The
   * same object where there is nothing to take out, empty where nothing is left.
   *
   * @param serving position of the version that serves
   */
  String of(String line, int serving) {
    return MediaRanges.without(withoutRangesOfOthers(line, serving), parameter);
  }

  private String withoutRangesOfOthers(String line, int serving) {
    MediaRanges walk = new MediaRanges(line);
    StringBuilder left = null;
    int kept = 0;
    int range = 0;
    boolean other = false;
    boolean refused = false;
    while (walk.next()) {
      if (walk.range() != range) {
        range = walk.range();
        other = false;
        refused = false;
      }
      other |= walk.isNamed(parameter) && version(walk) != serving;
      refused |= walk.isNamed("q") && walk.weight() == 0;
      if (walk.endsRange() && other && refused) {
        left = left == null ? new StringBuilder(line.length()) : left;
        left.append(line, kept, walk.rangeStart());
        kept = Math.min(walk.rangeEnd() + 1, line.length());
      }
    }
    return left == null ? line : trimmed(left.append(line, kept, line.length()));
  }

  private int version(MediaRanges walk) {
    String text = walk.text();
    return table.find(scheme.read(text, walk.from(), walk.to(text)));
  }

  /** Without the comma that led to a range which is gone. */
  private static String trimmed(StringBuilder list) {
    int from = 0;
    int to = list.length();
    while (from < to && isGap(list.charAt(from))) {
      from++;
    }
    while (to > from && isGap(list.charAt(to - 1))) {
      to--;
    }
    return list.substring(from, to);
  }

  private static boolean isGap(char c) {
    return c == ' ' || c == '\t' || c == ',';
  }
}
