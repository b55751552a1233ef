package dev.headgate.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers with what it received: method, raw target, headers and body. */
final class EchoHandler implements HttpHandler {
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<String, Object> received = new LinkedHashMap<>();
      received.put("method", exchange.getRequestMethod());
      received.put("target", exchange.getRequestURI().toString());
      received.put("headers", exchange.getRequestHeaders());
      received.put("body", new String(body, StandardCharsets.UTF_8));
      exchange.getResponseHeaders().set("Server", "sample-echo/1.0");
      Answers.json(exchange, 200, received);
    }
  }
}
