package dev.headgate.policy.idempotency;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SHA-256, of parts that cannot run into one another: each with its length before it. */
final class Digests {
  // 192 bits: nobody finds two callers or keys with one digest; and a line of a log is short.
  private static final int LOOKUP_BYTES = 24;

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** One part of what a caller is: its name, and the values of a request. */
  record Said(String name, List<String> values) {}

  /**
   * What a key is kept under.
   *
   * @param caller in any order
   */
  static LookupKey lookup(String namespace, List<Said> caller, String key) {
    MessageDigest digest = sha256();
    for (Said part : caller.stream().sorted(Comparator.comparing(Said::name)).toList()) {
      add(digest, part.name());
      add(digest, Integer.toString(part.values().size()));
      part.values().forEach(value -> add(digest, value));
    }
    add(digest, key);
    byte[] all = digest.digest();
    return new LookupKey(
        namespace
            + ":"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(all, LOOKUP_BYTES)));
  }

  /** Of everything about a request but its body. */
  static byte[] head(GatewayExchange exchange) {
    GatewayRequest request = exchange.request();
    MessageDigest digest = sha256();
    add(digest, request.method().name());
    add(digest, request.path());
    add(digest, request.query());
    add(digest, exchange.record().version());
    add(digest, exchange.headers().get(HttpHeaderNames.CONTENT_TYPE));
    return digest.digest();
  }

  /** Of a body, or of a part of it; the reader's index stays. */
  static void add(MessageDigest digest, ByteBuf bytes) {
    for (ByteBuffer part : bytes.nioBuffers()) {
      digest.update(part);
    }
  }

  private static void add(MessageDigest digest, @Nullable String part) {
    if (part == null) {
      digest.update(length(-1));
    } else {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(length(bytes.length));
      digest.update(bytes);
    }
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }
}
