package dev.headgate.route;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request for tests. Header names are compared ignoring case, as the interface asks. */
record Requests(
    String method,
    String host,
    String path,
    @Nullable String rawQuery,
    List<Map.Entry<String, String>> lines)
    implements RouteRequest {

  static Requests get(String target) {
    return of("GET", "", target);
  }

  static Requests of(String method, String host, String target) {
    int question = target.indexOf('?');
    return new Requests(
        method,
        HostPattern.normalize(host),
        question < 0 ? target : target.substring(0, question),
        question < 0 ? null : target.substring(question + 1),
        List.of());
  }

  Requests with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(lines);
    more.add(Map.entry(name, value));
    return new Requests(method, host, path, rawQuery, more);
  }

  @Override
  public Iterator<String> headers(String name) {
    return lines.stream()
        .filter(line -> line.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .iterator();
  }
}
