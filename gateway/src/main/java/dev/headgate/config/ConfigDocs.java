package dev.headgate.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The reference of every key, and the numbered table of every default, as Markdown. */
public final class ConfigDocs {
  private record Row(String key, Field<?> field) {}

  private final Kind<UpstreamConfig> upstreams;
  private final Kind<RouteConfig> routes;

  /**
   * Documentation with policies' keys in it.
   *
   * @param routeKeys as given to the {@link ConfigLoader}
   * @param upstreamKeys as given to the {@link ConfigLoader}
   */
  public ConfigDocs(Collection<ConfigKey<?>> routeKeys, Collection<ConfigKey<?>> upstreamKeys) {
    this.upstreams = Kind.upstreams(upstreamKeys);
    this.routes = Kind.routes(routeKeys);
  }

  /** The content of {@code docs/configuration.md}. */
  public String markdown() {
    List<Row> ofUpstreams = rows(upstreams);
    List<Row> ofRoutes = rows(routes);
    StringBuilder out = new StringBuilder(ConfigDocsText.HEAD);
    out.append("\n## Upstreams\n\n");
    keys(out, ofUpstreams);
    out.append("\n## Routes\n\n").append(ConfigDocsText.ROUTES).append('\n');
    keys(out, ofRoutes);
    out.append("\n## Every default\n\n").append(ConfigDocsText.DEFAULTS).append('\n');
    defaults(out, ofUpstreams, ofRoutes);
    out.append('\n').append(ConfigDocsText.AFTER_DEFAULTS).append('\n');
    out.append("\n## Problems\n\n").append(ConfigDocsText.PROBLEMS).append('\n');
    problems(out);
    return out.toString();
  }

  private static List<Row> rows(Kind<?> kind) {
    List<Row> rows = new ArrayList<>();
    collect("", kind.spec().fields(), rows);
    return rows;
  }

  private static void collect(String above, List<Field<?>> fields, List<Row> rows) {
    for (Field<?> field : fields) {
      String key = above + field.name();
      rows.add(new Row(key, field));
      collect(key + field.spec().separator(), field.spec().fields(), rows);
    }
  }

  private static void keys(StringBuilder out, List<Row> rows) {
    row(out, "Key", "Value", "Default", "Effect");
    row(out, "---", "---", "---", "---");
    for (Row row : rows) {
      Field<?> field = row.field();
      row(out, code(row.key()), cell(field.spec().type()), fallback(field), cell(field.doc()));
    }
  }

  private static String fallback(Field<?> field) {
    String text = field.fallbackText();
    if (text != null) {
      return field.fallbackWritable() ? code(text) : cell(text);
    }
    return field.required() ? "required" : "";
  }

  private static void defaults(StringBuilder out, List<Row> ofUpstreams, List<Row> ofRoutes) {
    row(out, "No.", "Of", "Key", "Default", "Effect");
    row(out, "---", "---", "---", "---", "---");
    int number = defaults(out, 1, "upstream", ofUpstreams);
    defaults(out, number, "route", ofRoutes);
  }

  private static int defaults(StringBuilder out, int first, String of, List<Row> rows) {
    int number = first;
    for (Row row : rows) {
      if (row.field().fallbackText() != null) {
        row(out, "D" + number, of, code(row.key()), fallback(row.field()), cell(row.field().doc()));
        number++;
      }
    }
    return number;
  }

  private static void problems(StringBuilder out) {
    row(out, "Code", "", "Meaning");
    row(out, "---", "---", "---");
    for (ProblemCode code : ProblemCode.values()) {
      String severity = code.severity() == Severity.ERROR ? "error" : "warning";
      row(out, code(code.name()), severity, cell(code.meaning()));
    }
  }

  private static void row(StringBuilder out, String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
