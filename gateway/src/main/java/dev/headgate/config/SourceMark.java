package dev.headgate.config;

import java.util.Comparator;

/**
 * Where something was written.
 *
 * @param file path below the root of the configuration, with {@code /}, such as {@code
 *     routes/users.yml}
 * @param line from 1
 * @param column from 1, in code points
 */
public record SourceMark(String file, int line, int column) implements Comparable<SourceMark> {

  private static final Comparator<SourceMark> ORDER =
      Comparator.comparing(SourceMark::file)
          .thenComparingInt(SourceMark::line)
          .thenComparingInt(SourceMark::column);

  /** The start of a file, or of a folder: for problems that belong to no text. */
  public static SourceMark startOf(String file) {
    return new SourceMark(file, 1, 1);
  }

  @Override
  public int compareTo(SourceMark other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column}, as compilers print it and editors jump to it. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
