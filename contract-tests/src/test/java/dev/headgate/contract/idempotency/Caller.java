package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;

/** Sends requests with keys to a gateway, and says what an answer to such has to be like. */
final class Caller {
  static final String BODY = "{\"amount\": 5}";

  private final IntSupplier port;

  /**
   * @param port of a gateway that may not be there yet
   */
  Caller(IntSupplier port) {
    this.port = port;
  }

  /** A key, or another part of a request that nobody has used. */
  static String fresh() {
    return UUID.randomUUID().toString();
  }

  int port() {
    return port.getAsInt();
  }

  /** {@code POST target} with {@link #BODY}. */
  Response post(String target, String key, String... fields) throws IOException {
    return send("POST " + target, key, BODY, fields);
  }

  Response send(String requestLine, String key, String body, String... fields) throws IOException {
    return RawHttp.callWithBody(port(), requestLine, body, withKey(key, fields));
  }

  /** Sends {@code POST target} and does not wait for what comes. */
  RawHttp begin(String target, String key, String... fields) throws IOException {
    return RawHttp.to(port()).requestWithBody("POST " + target, BODY, withKey(key, fields));
  }

  /** The lines of a request with this key, JSON unless they say otherwise. */
  static String[] withKey(String key, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add("Idempotency-Key: " + key);
    if (all.stream().noneMatch(field -> field.startsWith("Content-Type:"))) {
      all.add("Content-Type: application/json");
    }
    return all.toArray(String[]::new);
  }

  /** The service gave this answer, to this very request. */
  static Response assertRan(Response response) {
    assertThat(response.status()).as("%s", response).isEqualTo(200);
    assertThat(response.header("idempotent-replayed")).as("%s", response).isNull();
    return response;
  }

  /** The service gave this answer, to the request that was answered with {@code first}. */
  static Response assertReplayed(Response response, Response first) {
    assertThat(response.header("idempotent-replayed")).as("%s", response).isEqualTo("true");
    assertThat(response.status()).as("%s", response).isEqualTo(first.status());
    assertThat(response.text()).isEqualTo(first.text());
    return response;
  }

  static Response assertError(Response response, int status, String code) {
    assertThat(response.status()).as("%s", response).isEqualTo(status);
    assertThat(response.header("idempotent-replayed")).as("%s", response).isNull();
    assertThat(response.errorCode()).as("%s", response).isEqualTo(code);
    return response;
  }
}
