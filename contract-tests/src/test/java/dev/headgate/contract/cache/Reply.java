package dev.headgate.contract.cache;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.UpstreamConnection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a service does with one request. Where no body is given it is {@code answer N}, with the
 * request's number at its path, so that one answer is told from another.
 */
@FunctionalInterface
interface Reply {
  /** A field that keeps {@code Date} out; otherwise an answer has the present one. */
  String NO_DATE = "Date:";

  /**
   * @param number 1 for the first request of the path
   * @return false where the connection is to end
   */
  boolean play(UpstreamConnection connection, Received request, int number) throws Exception;

  static Reply ok(String... fields) {
    return status(200, fields);
  }

  static Reply status(int status, String... fields) {
    return (connection, request, number) -> {
      connection.write(text(request, status, "answer " + number, fields));
      return true;
    };
  }

  static Reply body(String body, String... fields) {
    return (connection, request, number) -> {
      connection.write(text(request, 200, body, fields));
      return true;
    };
  }

  static Reply notModified(String... fields) {
    return status(304, fields);
  }

  /** 304 where the request names this entity tag, else 200 with it. */
  static Reply tagged(String etag, String... fields) {
    return (connection, request, number) -> {
      boolean same = etag.equals(request.header("if-none-match"));
      String[] all = Arrays.copyOf(fields, fields.length + 1);
      all[fields.length] = "ETag: " + etag;
      return status(same ? 304 : 200, all).play(connection, request, number);
    };
  }

  /** In chunks, without a length. */
  static Reply chunked(String body, String... fields) {
    return (connection, request, number) -> {
      connection.write(head(200, "Transfer-Encoding: chunked", fields));
      if (!request.method().equals("HEAD")) {
        connection.write(Answer.chunk(body) + "0\r\n\r\n");
      }
      return true;
    };
  }

  /** In chunks, and a field after them. */
  static Reply trailed(String body, String trailer, String... fields) {
    return (connection, request, number) -> {
      connection.write(head(200, "Transfer-Encoding: chunked", fields));
      connection.write(Answer.chunk(body) + "0\r\n" + trailer + "\r\n\r\n");
      return true;
    };
  }

  /** Until the connection ends. */
  static Reply untilClose(String body, String... fields) {
    return (connection, request, number) -> {
      connection.write(head(200, "Connection: close", fields) + body);
      return false;
    };
  }

  /** Promises more than it sends. */
  static Reply cutShort(String... fields) {
    return (connection, request, number) -> {
      connection.write(head(200, "Content-Length: 100", fields) + "answer " + number);
      return false;
    };
  }

  /** Ends before the last chunk. */
  static Reply cutChunked(String... fields) {
    return (connection, request, number) -> {
      String head = head(200, "Transfer-Encoding: chunked", fields);
      connection.write(head + Answer.chunk("answer " + number));
      return false;
    };
  }

  /** A RST in place of an answer. */
  static Reply reset() {
    return (connection, request, number) -> {
      connection.reset();
      return false;
    };
  }

  /** Nothing, until the gateway gives up. */
  static Reply silent() {
    return (connection, request, number) -> {
      connection.awaitEnd();
      return false;
    };
  }

  /** Another one, once the gate is open. */
  static Reply held(Gate gate, Reply then) {
    return (connection, request, number) -> gate.pass() && then.play(connection, request, number);
  }

  /** The head and the first part; the second once the gate is open. */
  static Reply inTwo(String first, Gate gate, String second, String... fields) {
    return (connection, request, number) -> {
      String length = "Content-Length: " + (first.length() + second.length());
      connection.write(head(200, length, fields) + first);
      if (!gate.pass()) {
        return false;
      }
      connection.write(second);
      return true;
    };
  }

  private static String text(Received request, int status, String body, String... fields) {
    if (status == 204 || status == 304) {
      return head(status, "", fields);
    }
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    String head = head(status, "Content-Length: " + length, fields);
    return request.method().equals("HEAD") ? head : head + body;
  }

  /** A head, with the given fields and those that frame what follows. */
  static String head(int status, String framing, String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " So\r\n");
    List<String> given = List.of(fields);
    if (given.stream().noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("date:"))) {
      head.append("Date: ").append(HttpDates.now()).append("\r\n");
    }
    for (String field : given) {
      if (!field.equals(NO_DATE)) {
        head.append(field).append("\r\n");
      }
    }
    return head.append(framing).append(framing.isEmpty() ? "\r\n" : "\r\n\r\n").toString();
  }
}
