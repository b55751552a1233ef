package dev.headgate.contract.harness;

import java.nio.charset.StandardCharsets;

/** Bytes of usual answers. */
public final class Answer {
  private Answer() {}

  public static String ok(String body, String... headers) {
    return of("200 OK", body, headers);
  }

  public static String of(String status, String body, String... headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    for (String header : Secrets.withAnswer(headers)) {
      text.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return text.append("Content-Length: ")
        .append(length)
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  public static String chunked(String... chunks) {
    StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (String chunk : chunks) {
      text.append(chunk(chunk));
    }
    return text.append("0\r\n\r\n").toString();
  }

  public static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }
}
