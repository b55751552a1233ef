package dev.headgate.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a WebSocket's handshake that exists in HTTP/1.1 only (RFC 6455 section 4): HTTP/2 has
 * neither key nor proof of it (RFC 8441 section 5), so between the two the gateway gives them.
 */
final class WebSocketHandshake {
  static final String PROTOCOL = "websocket";
  static final String VERSION = "13";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private WebSocketHandshake() {}

  /** A fresh {@code Sec-WebSocket-Key}. */
  static String newKey() {
    byte[] nonce = new byte[KEY_BYTES];
    RANDOM.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** The {@code Sec-WebSocket-Accept} that answers a key. */
  static String accept(String key) {
    try {
      // SHA-1 is what the protocol says; it proves that the key was read, nothing more.
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key.strip() + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-1", e);
    }
  }

  /**
   * Whether an HTTP/1.1 response's fields switch to WebSocket and to nothing else, and prove that
   * it was a WebSocket's handshake that the service read (RFC 6455 section 4.1): a tunnel to anyone
   * else would let a client speak HTTP past the gateway.
   */
  static boolean agreed(HttpHeaders request, HttpHeaders response) {
    String key = request.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return key != null
        && PROTOCOL.equalsIgnoreCase(only(response, HttpHeaderNames.UPGRADE))
        && response.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
        && accept(key).equals(only(response, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
  }

  private static @Nullable String only(HttpHeaders headers, CharSequence name) {
    List<String> values = headers.getAll(name);
    return values.size() == 1 ? values.get(0) : null;
  }
}
