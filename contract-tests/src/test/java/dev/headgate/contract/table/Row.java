package dev.headgate.contract.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One line of a table of cases.
 *
 * @param todo whether the gateway is known to fail it: it is run, and its failure told but not held
 *     against the build
 * @param name of the case
 * @param columns those after the name
 */
record Row(int line, boolean todo, String name, List<String> columns) {
  private static final String TODO = "todo ";

  /** The cases of a file: lines of columns between {@code " | "}; {@code #} begins a comment. */
  static List<Row> all(String resource) {
    try (InputStream in = Row.class.getResourceAsStream(resource)) {
      List<String> lines =
          new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
          rows.add(row(i + 1, lines.get(i)));
        }
      }
      return rows;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Row row(int number, String line) {
    List<String> columns = Arrays.stream(line.split(" \\|( |$)", -1)).map(String::strip).toList();
    boolean todo = columns.get(0).startsWith(TODO);
    String name = todo ? columns.get(0).substring(TODO.length()) : columns.get(0);
    return new Row(number, todo, name, columns.subList(1, columns.size()));
  }

  /** The n-th column after the name; empty where the line is shorter. */
  String column(int n) {
    return n < columns.size() ? columns.get(n) : "";
  }
}
