package dev.headgate.policy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Fields, answers and routes as tests want them. */
final class Samples {
  static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
  static final String DATE = "Mon, 01 Jun 2026 12:00:00 GMT";
  static final Space SPACE = new Space("shop", "shop-v1", QueryRule.AS_SENT);
  static final CacheConfig ROUTE = route(0, 0, 0);

  private Samples() {}

  /** Fields of lines such as {@code etag: "a"}. */
  static HttpHeaders fields(String... lines) {
    HttpHeaders fields = new DefaultHttpHeaders();
    for (String line : lines) {
      int colon = line.indexOf(':');
      fields.add(line.substring(0, colon), line.substring(colon + 1).trim());
    }
    return fields;
  }

  static Directives said(String... cacheControl) {
    return Directives.parse(List.of(cacheControl));
  }

  /** A route whose windows are in seconds. */
  static CacheConfig route(long onError, long whileRevalidating, long defaultTtl) {
    return new CacheConfig(
        Duration.ofSeconds(onError),
        Duration.ofSeconds(whileRevalidating),
        Duration.ofSeconds(defaultTtl),
        1 << 20,
        List.of(),
        null,
        QueryRule.AS_SENT);
  }

  static CacheKey key(String path) {
    return new CacheKey(SPACE, "http", "gateway", path, null, "", "");
  }

  /** How an answer is kept that came at {@link #NOW}, asked for at the same moment. */
  static Head head(int status, Freshness freshness, String... fields) {
    return head(status, freshness, Vary.NOTHING, fields);
  }

  static Head head(int status, Freshness freshness, Vary vary, String... fields) {
    return Head.of(status, fields(fields), vary, freshness, NOW, NOW, Set.of());
  }

  /** Fresh for so many seconds; nothing else is said. */
  static Freshness fresh(long seconds) {
    return new Freshness(seconds, false, false, 0, 0);
  }

  /** An answer of a counted buffer on the heap, the caller's. */
  static Stored stored(Head head, String content) {
    return Stored.of(head, bytes(content), EmptyHttpHeaders.INSTANCE);
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
