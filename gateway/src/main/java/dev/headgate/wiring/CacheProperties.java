package dev.headgate.wiring;

import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where routes' answers are kept, {@code headgate.cache.*}.
 *
 * @param maxSize bytes of memory, with the unit; 256 MiB, but no more than half of the direct
 *     memory that the process may use
 * @param redis whether nodes share them through {@code headgate.store.redis}; no
 */
public record CacheProperties(@Nullable String maxSize, @DefaultValue("false") boolean redis) {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.cache");
  private static final String KEY = "headgate.cache.max-size";
  private static final String USUAL = "256MiB";

  public CacheProperties {
    if (maxSize != null) {
      Sizes.bytes(KEY, maxSize);
    }
  }

  /** What it takes at most: others need direct memory too, and its limit sheds requests. */
  long maxBytes() {
    long wanted = Sizes.bytes(KEY, maxSize == null ? USUAL : maxSize);
    long half = PlatformDependent.maxDirectMemory() / 2;
    if (half >= wanted) {
      return wanted;
    }
    if (maxSize != null) {
      LOG.warn(
          "{}: {} is more than half of the direct memory there is, so {} MiB are used (expected: less, or a larger -XX:MaxDirectMemorySize)",
          KEY,
          maxSize,
          half >> 20);
    }
    return half;
  }
}
