package dev.headgate.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script, called by its digest. It answers with a string, and running it twice with the same
 * arguments does what running it once does.
 *
 * @param text in Lua, ASCII
 * @param sha1 of the text, in hex, as Redis knows it
 */
public record RedisScript(String text, String sha1) {
  public static RedisScript of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
      return new RedisScript(text, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      // Every JDK has it.
      throw new IllegalStateException(e);
    }
  }
}
