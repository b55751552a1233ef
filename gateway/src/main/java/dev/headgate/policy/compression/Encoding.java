package dev.headgate.policy.compression;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A content coding (RFC 9110 section 8.4.1). */
enum Encoding {
  ZSTD("zstd") {
    @Override
    void load() {
      Native.load();
    }

    @Override
    Compressor compressor(Level level) {
      return new ZstdCompressor(level.zstd());
    }
  },

  BR("br") {
    @Override
    void load() {
      Brotli4jLoader.ensureAvailability();
    }

    @Override
    Compressor compressor(Level level) {
      return new BrotliCompressor(level.brotli());
    }
  },

  GZIP("gzip") {
    @Override
    void load() {}

    @Override
    Compressor compressor(Level level) {
      return new GzipCompressor(level.gzip());
    }
  };

  private final String token;

  Encoding(String token) {
    this.token = token;
  }

  /** Its name in {@code Accept-Encoding} and {@code Content-Encoding}. */
  String token() {
    return token;
  }

  /** Whether this machine can do it: two of them need a native library. */
  boolean available() {
    return Available.SET.contains(this);
  }

  /**
   * @throws LinkageError where the native library is not there or does not load
   */
  abstract void load();

  /** A new one; to be closed. */
  abstract Compressor compressor(Level level);

  /** Found out once, by the first route that compresses; loading unpacks files. */
  private static final class Available {
    private static final Logger LOG = LoggerFactory.getLogger(Encoding.class);
    private static final Set<Encoding> SET = loadable();

    private static Set<Encoding> loadable() {
      Set<Encoding> loaded = EnumSet.noneOf(Encoding.class);
      for (Encoding encoding : Encoding.values()) {
        try {
          encoding.load();
          loaded.add(encoding);
        } catch (LinkageError | RuntimeException e) {
          LOG.warn(
              "compression: {} is not offered, its native library does not load (it is unpacked"
                  + " into java.io.tmpdir, which must be writable): {}",
              encoding.token(),
              e.toString());
        }
      }
      return loaded;
    }
  }
}
