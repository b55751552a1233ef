package dev.headgate.contract.cache;

import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.IntSupplier;

/**
 * A path that nobody else asks for: what its service answers, and what clients get. Requests have
 * the fields that are given, and none besides but {@code Host}: credentials decide what is stored.
 */
final class Page {
  private final CachedService service;
  private final IntSupplier port;
  private final String path;
  private final String query;

  private Page(CachedService service, IntSupplier port, String path, String query) {
    this.service = service;
    this.port = port;
    this.path = path;
    this.query = query;
  }

  /**
   * @param prefix of a route
   * @param port of a gateway that may not be there yet
   */
  static Page fresh(CachedService service, IntSupplier port, String prefix) {
    return new Page(service, port, prefix + "/" + UUID.randomUUID(), "");
  }

  /** The same path with this query. */
  Page with(String otherQuery) {
    return new Page(service, port, path, otherQuery);
  }

  /** The same path of another gateway. */
  Page at(IntSupplier otherPort) {
    return new Page(service, otherPort, path, query);
  }

  /** A path below this one, or what else comes of the text. */
  Page below(String rest) {
    return new Page(service, port, path + rest, query);
  }

  String target() {
    return path + query;
  }

  Page answers(Reply first, Reply... later) {
    List<Reply> inOrder = new ArrayList<>(List.of(first));
    inOrder.addAll(List.of(later));
    resource().answers(inOrder);
    return this;
  }

  /** To a method for which {@link #answers} is not meant. */
  Page on(String method, Reply reply) {
    resource().answers(method, reply);
    return this;
  }

  CachedService.Resource resource() {
    return service.resource(path);
  }

  Response get(String... fields) throws IOException {
    return call("GET", fields);
  }

  Response head(String... fields) throws IOException {
    return call("HEAD", fields);
  }

  /** Without a body. */
  Response call(String method, String... fields) throws IOException {
    try (RawHttp http = begin(method, fields)) {
      return http.response(method);
    }
  }

  Response post(String... fields) throws IOException {
    return send("POST", "what is new", fields);
  }

  Response send(String method, String body, String... fields) throws IOException {
    String[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = "Content-Length: " + body.length();
    try (RawHttp http = RawHttp.to(port.getAsInt())) {
      return http.send(text(method, all) + body).response(method);
    }
  }

  /** Asks, and does not wait for the answer. */
  RawHttp begin(String method, String... fields) throws IOException {
    return RawHttp.to(port.getAsInt()).send(text(method, fields));
  }

  /** The bytes of a request. */
  String text(String method, String... fields) {
    StringBuilder text = new StringBuilder(method + " " + target() + " HTTP/1.1\r\n");
    if (Arrays.stream(fields).noneMatch(f -> f.toLowerCase(Locale.ROOT).startsWith("host:"))) {
      text.append("Host: localhost\r\n");
    }
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** How often the service was asked, by whatever method. */
  int count() {
    return resource().received().size();
  }

  /** The n-th request that the service got, the first being 1. */
  Received received(int n) {
    return resource().received().get(n - 1);
  }

  Received last() {
    return received(count());
  }

  /** Waits until the service was asked that often. */
  void await(int times) {
    Eventually.holds(
        () -> {
          if (count() < times) {
            throw new AssertionError(target() + " was asked for " + count() + " times");
          }
        });
  }
}
