package dev.headgate.route;

import java.util.Arrays;

/** The versions of one route by their keys. */
final class VersionTable {
  /** No version serves it. */
  static final int UNKNOWN = -2;

  private static final int BITS = VersionScheme.PART_BITS;

  private final VersionMatch match;
  private final long[] keys;
  private final int[] positions;

  /**
   * @param unsorted the versions' keys in the config's order, all different
   */
  VersionTable(VersionMatch match, long[] unsorted) {
    this.match = match;
    this.keys = unsorted.clone();
    Arrays.sort(keys);
    this.positions = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      positions[Arrays.binarySearch(keys, unsorted[i])] = i;
    }
  }

  /** The position, in the config's order, of the version that serves the key; or unknown. */
  int find(long key) {
    if (key == VersionScheme.NONE) {
      return UNKNOWN;
    }
    int at =
        switch (match) {
          case EXACT -> Arrays.binarySearch(keys, key);
          case COMPATIBLE -> newest(key, highestOf(key));
          case NEWEST_NOT_AFTER -> newest(0, key);
        };
    return at < 0 ? UNKNOWN : positions[at];
  }

  /** The highest of the keys in a range, both ends included. */
  private int newest(long least, long most) {
    int at = Arrays.binarySearch(keys, most);
    int before = at >= 0 ? at : -at - 2;
    return before >= 0 && keys[before] >= least ? before : -1;
  }

  private static long highestOf(long key) {
    long patch = (1L << BITS) - 1;
    long minor = (1L << (2 * BITS)) - 1;
    if ((key & minor) == 0) {
      return key | minor;
    }
    return (key & patch) == 0 ? key | patch : key;
  }
}
