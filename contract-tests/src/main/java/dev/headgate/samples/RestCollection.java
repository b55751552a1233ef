package dev.headgate.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/** A collection as REST, kept in memory: list, get, create, delete. */
final class RestCollection implements HttpHandler {
  private final String service;
  private final String path;
  private final Map<Integer, Map<String, Object>> items = new TreeMap<>();
  private int lastId;

  /**
   * @param service what each answer names in {@code X-Service}, so that one sees which service
   *     answered
   * @param path where the collection is, such as {@code /users}
   */
  RestCollection(String service, String path, List<Map<String, Object>> seed) {
    this.service = service;
    this.path = path;
    seed.forEach(this::add);
  }

  @Override
  public synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("X-Service", service);
      String rest = exchange.getRequestURI().getPath().substring(path.length());
      if (rest.isEmpty() || rest.equals("/")) {
        collection(exchange);
      } else {
        item(exchange, rest.substring(1));
      }
    }
  }

  private void collection(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" ->
          Answers.json(exchange, 200, Map.of("items", new ArrayList<>(items.values())));
      case "POST" -> create(exchange);
      default -> Answers.problem(exchange, 405, "GET, HEAD or POST");
    }
  }

  private void create(HttpExchange exchange) throws IOException {
    Map<String, Object> sent;
    try {
      sent = Answers.object(exchange);
    } catch (JacksonException notJson) {
      Answers.problem(exchange, 400, "The body is no JSON object");
      return;
    }
    int id = add(sent);
    exchange.getResponseHeaders().set("Location", path + "/" + id);
    Answers.json(exchange, 201, stored(id));
  }

  private void item(HttpExchange exchange, String name) throws IOException {
    int id = name.matches("[0-9]{1,9}") ? Integer.parseInt(name) : -1;
    if (!items.containsKey(id)) {
      Answers.problem(exchange, 404, "There is no " + path + "/" + name);
      return;
    }
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> Answers.json(exchange, 200, stored(id));
      case "DELETE" -> {
        items.remove(id);
        Answers.empty(exchange, 204);
      }
      default -> Answers.problem(exchange, 405, "GET, HEAD or DELETE");
    }
  }

  private Map<String, Object> stored(int id) {
    return items.getOrDefault(id, Map.of());
  }

  private int add(Map<String, Object> fields) {
    int id = ++lastId;
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("id", id);
    fields.forEach((key, value) -> item.putIfAbsent(key, value));
    items.put(id, item);
    return id;
  }
}
