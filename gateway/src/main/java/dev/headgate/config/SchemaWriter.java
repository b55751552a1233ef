package dev.headgate.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schemas (2020-12) of the files under {@code upstreams/} and {@code routes/}, for editors.
 * They refuse nothing that the loader accepts; what spans several keys or files (references, ties,
 * limits that contradict each other) only the loader sees.
 */
public final class SchemaWriter {
  private final Kind<UpstreamConfig> upstreams;
  private final Kind<RouteConfig> routes;

  /**
   * Schemas with policies' keys in them.
   *
   * @param routeKeys as given to the {@link ConfigLoader}
   * @param upstreamKeys as given to the {@link ConfigLoader}
   */
  public SchemaWriter(Collection<ConfigKey<?>> routeKeys, Collection<ConfigKey<?>> upstreamKeys) {
    this.upstreams = Kind.upstreams(upstreamKeys);
    this.routes = Kind.routes(routeKeys);
  }

  /**
   * The content of each schema file, by its name. Both know all keys, as each folder may hold both
   * kinds.
   */
  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("upstreams.schema.json", schema("Headgate: a file of upstreams/"));
    files.put("routes.schema.json", schema("Headgate: a file of routes/"));
    return files;
  }

  private String schema(String title) {
    Map<String, Object> schema =
        Schemas.of(
            "$schema",
            "https://json-schema.org/draft/2020-12/schema",
            "title",
            title,
            // "routes:" with nothing below it is an empty object to the loader.
            "type",
            List.of("object", "null"),
            "additionalProperties",
            false);
    schema.put(
        "properties",
        Schemas.of(
            "defaults", defaults(),
            "upstreams", byId("Services behind the gateway, by id.", "upstream"),
            "routes", byId("What happens to the requests that match, by id.", "route")));
    schema.put(
        "$defs",
        Schemas.of(
            "upstream", upstreams.spec().schema(false), "route", routes.spec().schema(false)));
    return write(schema);
  }

  private Map<String, Object> defaults() {
    return Schemas.of(
        "description",
        "What holds for every route or upstream that does not say otherwise; once in all files.",
        "type",
        List.of("object", "null"),
        "additionalProperties",
        false,
        "properties",
        Schemas.of("route", shared(routes), "upstream", shared(upstreams)));
  }

  private static Map<String, Object> shared(Kind<?> kind) {
    Map<String, Object> schema = kind.shared().schema(true);
    schema.put("type", List.of("object", "null"));
    return schema;
  }

  private static Map<String, Object> byId(String description, String definition) {
    return Schemas.of(
        "description", description,
        "type", List.of("object", "null"),
        "propertyNames", Schemas.of("pattern", "^" + Ids.PATTERN.pattern() + "$"),
        "additionalProperties", Schemas.of("$ref", "#/$defs/" + definition));
  }

  private static String write(Map<String, Object> schema) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines);
    return JsonMapper.builder()
            .defaultPrettyPrinter(printer)
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(schema)
        + "\n";
  }
}
