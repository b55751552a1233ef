package dev.headgate.policy.headers;

import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.Specs;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a route changes in one direction's headers: first {@code remove}, then {@code set}, then
 * {@code add}.
 *
 * @param set put in the place of every line of that name
 * @param add one more line of that name
 * @param remove names whose lines all go
 */
public record HeaderChanges(Map<String, String> set, Map<String, String> add, List<String> remove) {
  private static final int MAX_REMOVED = 100;

  static ObjectSpec<HeaderChanges> spec() {
    var values = Specs.mapOf(Specs.headerName(), Specs.headerValue());
    Field<Map<String, String>> set =
        Field.optional("set", values, "Replaces every line of a name by one with this value.");
    Field<Map<String, String>> add =
        Field.optional("add", values, "Adds a line, whatever lines of that name there are.");
    Field<List<String>> remove =
        Field.optional(
            "remove",
            Specs.listOf(Specs.headerName(), 1, MAX_REMOVED),
            "Removes all lines of these names.");
    return Specs.object(
        found ->
            new HeaderChanges(
                Objects.requireNonNullElse(found.find(set), Map.of()),
                Objects.requireNonNullElse(found.find(add), Map.of()),
                Objects.requireNonNullElse(found.find(remove), List.of())),
        set,
        add,
        remove);
  }

  void apply(HttpHeaders headers) {
    for (String name : remove) {
      headers.remove(name);
    }
    set.forEach(headers::set);
    add.forEach(headers::add);
  }
}
