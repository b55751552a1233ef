package dev.headgate.contract.harness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Requests over HTTP/2 and TLS, on one connection; their answers read like those of HTTP/1.1. */
public final class Http2Client {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_2)
          .sslContext(TlsClient.trustingAnybody())
          .build();

  /**
   * @param headers lines, {@code Name: value}
   */
  public Response get(int port, String target, String... headers) throws IOException {
    return call(port, target, HttpRequest.Builder::GET, headers);
  }

  /**
   * @param headers lines, {@code Name: value}
   */
  public Response head(int port, String target, String... headers) throws IOException {
    return call(port, target, request -> request.method("HEAD", BodyPublishers.noBody()), headers);
  }

  /**
   * Asks, and does not wait for the answer.
   *
   * @param headers lines, {@code Name: value}
   */
  public Call begin(int port, String target, String... headers) {
    HttpRequest request = request(port, target, HttpRequest.Builder::GET, headers);
    return new Call(client.sendAsync(request, BodyHandlers.ofByteArray()));
  }

  /** A stream of its connection. */
  public record Call(CompletableFuture<HttpResponse<byte[]>> answer) {
    public Response response() throws IOException {
      try {
        return Http2Client.response(answer.get(20, TimeUnit.SECONDS));
      } catch (InterruptedException | ExecutionException | TimeoutException failed) {
        throw new IOException(failed);
      }
    }

    public void reset() {
      answer.cancel(true);
    }
  }

  /**
   * @param headers lines, {@code Name: value}
   */
  public Response post(int port, String target, String body, String... headers) throws IOException {
    return call(port, target, request -> request.POST(BodyPublishers.ofString(body)), headers);
  }

  private Response call(
      int port, String target, UnaryOperator<HttpRequest.Builder> method, String... headers)
      throws IOException {
    try {
      return response(
          client.send(request(port, target, method, headers), BodyHandlers.ofByteArray()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(stop);
    }
  }

  private static HttpRequest request(
      int port, String target, UnaryOperator<HttpRequest.Builder> method, String... headers) {
    HttpRequest.Builder request =
        method.apply(
            HttpRequest.newBuilder(URI.create("https://localhost:" + port + target))
                .timeout(Duration.ofSeconds(20)));
    for (String line : headers) {
      int colon = line.indexOf(':');
      request.header(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return request.build();
  }

  private static Response response(HttpResponse<byte[]> answer) {
    if (answer.version() != HttpClient.Version.HTTP_2) {
      throw new AssertionError("answered in " + answer.version());
    }
    List<String> lines = new ArrayList<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> lines.add(name + ": " + value)));
    Head head = new Head("HTTP/2 " + answer.statusCode(), lines);
    return new Response(List.of(), head, answer.body(), true);
  }
}
