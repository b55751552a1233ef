package dev.headgate.samples;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** JSON in and out of the JDK's HTTP server. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  static void json(HttpExchange exchange, int status, Object value) throws IOException {
    byte[] body = JSON.writeValueAsBytes(value);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  static void problem(HttpExchange exchange, int status, String message) throws IOException {
    json(exchange, status, Map.of("status", status, "message", message));
  }

  /** The request's body as a JSON object. Throws where it is none. */
  @SuppressWarnings("unchecked") // Jackson's untyped objects have string keys.
  static Map<String, Object> object(HttpExchange exchange) throws IOException {
    return JSON.readValue(exchange.getRequestBody().readAllBytes(), Map.class);
  }
}
