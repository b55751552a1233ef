package dev.headgate.contract.observability;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a PromQL expression: metrics with the labels their selectors ask for, and labels
 * that are grouped or matched by. Not a parser: what is no valid PromQL is promtool's to say.
 */
record PromqlNames(List<Selector> selectors, Set<String> grouped) {
  /** A metric, and the labels of its selector. */
  record Selector(String metric, Set<String> labels) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`" // Strings.
              + "|\\[[^\\]]*\\]" // Ranges.
              + "|\\$?[0-9][\\w.]*" // Numbers and durations.
              + "|[a-zA-Z_:$][\\w:]*"
              + "|\\S");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");
  private static final Set<String> GROUPING =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS =
      Set.of(
          "and",
          "or",
          "unless",
          "bool",
          "offset",
          "sum",
          "min",
          "max",
          "avg",
          "count",
          "group",
          "topk",
          "bottomk",
          "quantile",
          "stddev",
          "stdvar",
          "count_values");

  static PromqlNames of(String expression) {
    List<String> tokens = new ArrayList<>();
    for (Matcher token = TOKEN.matcher(expression); token.find(); ) {
      tokens.add(token.group());
    }
    tokens.add(")"); // So that there is always a next one.
    List<Selector> selectors = new ArrayList<>();
    Set<String> grouped = new LinkedHashSet<>();
    for (int i = 0; i < tokens.size() - 1; i++) {
      String token = tokens.get(i);
      String next = tokens.get(i + 1);
      if (token.equals("{")) {
        selectors.add(new Selector("", new LinkedHashSet<>()));
        i = readLabels(tokens, i + 1, "}", selectors.get(selectors.size() - 1).labels());
      } else if (NAME.matcher(token).matches()) {
        if (next.equals("(")) {
          i = GROUPING.contains(token) ? readLabels(tokens, i + 2, ")", grouped) : i + 1;
        } else if (!WORDS.contains(token)) {
          Selector selector = new Selector(token, new LinkedHashSet<>());
          selectors.add(selector);
          i = next.equals("{") ? readLabels(tokens, i + 2, "}", selector.labels()) : i;
        }
      }
    }
    return new PromqlNames(selectors, grouped);
  }

  private static int readLabels(List<String> tokens, int from, String end, Set<String> into) {
    int i = from;
    while (i < tokens.size() - 1 && !tokens.get(i).equals(end)) {
      if (NAME.matcher(tokens.get(i)).matches()) {
        into.add(tokens.get(i));
      }
      i++;
    }
    return i;
  }
}
