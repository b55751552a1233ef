package dev.headgate.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table from canonical text to values that is asked with a range of encoded text, so that a
 * look-up cuts nothing out. The keys come from the config only: no request can lengthen a chain.
 */
final class LiteralTable<V> {
  private final @Nullable String[] keys;
  private final int[] hashes;
  private final @Nullable Object[] values;
  private final int mask;
  private final boolean plus;

  /** {@code plus} reads a {@code +} in the asked text as a space. */
  LiteralTable(Map<String, V> entries, boolean plus) {
    int capacity = Integer.highestOneBit(Math.max(1, entries.size())) * 4;
    this.keys = new @Nullable String[capacity];
    this.hashes = new int[capacity];
    this.values = new @Nullable Object[capacity];
    this.mask = capacity - 1;
    this.plus = plus;
    entries.forEach(this::put);
  }

  private void put(String key, V value) {
    int hash = PercentText.hash(key);
    int slot = slot(hash);
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    hashes[slot] = hash;
    values[slot] = value;
  }

  /** By a key itself. */
  @SuppressWarnings("unchecked") // only V is ever put
  @Nullable V get(String canonical) {
    for (int slot = slot(PercentText.hash(canonical)); ; slot = (slot + 1) & mask) {
      String key = keys[slot];
      if (key == null || key.equals(canonical)) {
        return (V) values[slot];
      }
    }
  }

  /** By what stands in a range of encoded text. */
  @Nullable V get(String text, int from, int to) {
    return get(PercentText.hash(text, from, to, plus), text, from, to);
  }

  /**
   * As {@link #get(String, int, int)}, for a caller who has the range's {@link PercentText#hash}.
   */
  @SuppressWarnings("unchecked") // only V is ever put
  @Nullable V get(int hash, String text, int from, int to) {
    for (int slot = slot(hash); ; slot = (slot + 1) & mask) {
      String key = keys[slot];
      if (key == null) {
        return null;
      }
      if (hashes[slot] == hash && PercentText.matches(key, text, from, to, plus)) {
        return (V) values[slot];
      }
    }
  }

  private int slot(int hash) {
    // Short similar keys differ in their low bits only by small steps: spread them.
    int spread = hash * 0x9E3779B9;
    return (spread ^ (spread >>> 16)) & mask;
  }
}
