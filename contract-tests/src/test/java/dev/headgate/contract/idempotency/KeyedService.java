package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.UpstreamConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service that has an effect each time it is asked, and numbers it in its answer. The second
 * segment of the path says how it answers, the third with what.
 */
final class KeyedService {
  private final AtomicInteger effects = new AtomicInteger();
  private final Map<String, Semaphore> held = new ConcurrentHashMap<>();
  private final ScriptedUpstream upstream = ScriptedUpstream.playing(this::play);

  String url() {
    return upstream.url();
  }

  /** The requests for a path, whatever their query. */
  List<Received> calls(String path) {
    return upstream.received().stream().filter(call -> path(call.target()).equals(path)).toList();
  }

  int count(String path) {
    return calls(path).size();
  }

  /** Waits until a path was asked for that often. */
  void await(String path, int times) {
    Eventually.holds(
        () -> {
          if (count(path) < times) {
            throw new AssertionError(path + " was asked for " + count(path) + " times");
          }
        });
  }

  /** Lets one held request of a path be answered. */
  void release(String path) {
    held(path).release();
  }

  private Semaphore held(String path) {
    return held.computeIfAbsent(path, p -> new Semaphore(0));
  }

  private void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      if (head.header("expect") != null) {
        connection.write("HTTP/1.1 100 Continue\r\n\r\n");
      }
      if (!answer(connection, connection.readBody(head))) {
        return;
      }
    }
  }

  /** False where the connection is to end. */
  private boolean answer(UpstreamConnection connection, Received call) throws Exception {
    String path = path(call.target());
    String[] words = path.split("/", -1);
    String arg = words.length > 3 ? words[3] : "";
    boolean first = count(path) == 1;
    String effect = "effect " + effects.incrementAndGet();
    switch (words[2]) {
      case "ok" -> connection.ok(effect);
      case "status" ->
          connection.write(
              arg.equals("204") ? "HTTP/1.1 204 So\r\n\r\n" : Answer.of(arg + " So", effect));
      case "once" -> connection.write(Answer.of((first ? arg : "200") + " So", effect));
      case "held" -> {
        if (!held(path).tryAcquire(30, TimeUnit.SECONDS)) {
          return false;
        }
        connection.ok(effect);
      }
      case "held-503" -> {
        if (first) {
          held(path).tryAcquire(30, TimeUnit.SECONDS);
        }
        connection.write(first ? Answer.of("503 So", effect) : Answer.ok(effect));
      }
      case "reset-once" -> {
        if (first) {
          connection.reset();
          return false;
        }
        connection.ok(effect);
      }
      case "silent" -> {
        connection.awaitEnd();
        return false;
      }
      case "partial" -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + effect);
        return false;
      }
      case "partial-held" -> {
        held(path).tryAcquire(30, TimeUnit.SECONDS);
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + effect);
        return false;
      }
      case "large" -> connection.ok(large(effect, arg));
      case "large-chunked" -> connection.write(Answer.chunked(effect, large("", arg)));
      case "events" -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
        connection.write("Transfer-Encoding: chunked\r\n\r\n");
        connection.write(Answer.chunk("data: " + effect + "\n\n"));
        held(path).tryAcquire(30, TimeUnit.SECONDS);
        connection.write(Answer.chunk("data: last\n\n") + "0\r\n\r\n");
      }
      case "trailers" -> {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
        connection.write(Answer.chunk(effect) + "0\r\nX-Sum: 42\r\n\r\n");
      }
      case "headers" ->
          connection.write(
              Answer.of(
                  "201 Created",
                  effect,
                  "Content-Type: application/json",
                  "Location: /charges/1",
                  "X-Many: a",
                  "X-Many: b",
                  "X-Request-Id: of-the-service",
                  "Connection: keep-alive, X-Hop",
                  "Keep-Alive: timeout=60",
                  "X-Hop: 1"));
      default -> connection.write(Answer.of("404 Not Found", "no such sample"));
    }
    return true;
  }

  private static String large(String text, String size) {
    int bytes = Integer.parseInt(size);
    return text + "x".repeat(bytes - text.length());
  }

  private static String path(String target) {
    return target.split("\\?", 2)[0];
  }
}
