package dev.headgate.policy.compression;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Specs;
import java.util.List;

/**
 * How a route compresses.
 *
 * @param encodings what is offered, the most liked first
 * @param minSize bytes below which an answer of known length stays plain
 * @param types what is worth it
 */
record CompressionConfig(List<Encoding> encodings, long minSize, MediaTypes types, Level level) {
  private static final List<String> TEXTS =
      List.of(
          "text/*",
          "application/json",
          "application/*+json",
          "application/x-ndjson",
          "application/javascript",
          "application/xml",
          "application/*+xml",
          "application/wasm",
          "image/svg+xml");

  private static final Field<List<Encoding>> ENCODINGS =
      Field.otherwise(
          "encodings",
          Specs.listOf(Specs.enumOf(Encoding.class), 1, Encoding.values().length),
          List.of(Encoding.ZSTD, Encoding.BR, Encoding.GZIP),
          "zstd, br, gzip",
          "What is offered. The client's weights decide, this order where they are equal. A streamed answer holds about 1.1 MiB (zstd), 0.5 MiB (br) or 0.3 MiB (gzip) outside the heap until it ends.");

  private static final Field<Long> MIN_SIZE =
      Field.withDefault(
          "min-size",
          Specs.size(0, 1L << 30),
          "1KiB",
          "Answers known to be smaller stay plain; those of unknown length are compressed.");

  private static final Field<MediaTypes> TYPES =
      Field.otherwise(
          "types",
          Specs.listOf(
                  Specs.text(
                      MediaTypes.SYNTAX,
                      ProblemCode.BAD_VALUE,
                      "a media type: text/html, text/* or application/*+json"),
                  1,
                  100)
              .map(MediaTypes::new),
          new MediaTypes(TEXTS),
          String.join(", ", TEXTS),
          "The media types that are compressed, text/event-stream among text/*.");

  private static final Field<Level> LEVEL =
      Field.withDefault(
          "level",
          Specs.enumOf(Level.class),
          "balanced",
          "How much work goes into it: gzip 1, 6 or 8; br 1, 4 or 6; zstd 1, 3 or 7.");

  static final ConfigKey<CompressionConfig> KEY =
      new ConfigKey<>(
          "compression",
          spec(),
          "Compresses what the service sent plain, as far as the client's Accept-Encoding asks for it; off unless written, {} for the defaults. Never where either side says no-transform, nor partial answers, nor those with a digest of their bytes. A strong ETag becomes a weak one. Leave it off where answers hold both a secret and text the caller chose: their length then tells of the secret (BREACH).");

  private static ObjectSpec<CompressionConfig> spec() {
    return Specs.object(
        v -> new CompressionConfig(v.get(ENCODINGS), v.get(MIN_SIZE), v.get(TYPES), v.get(LEVEL)),
        ENCODINGS,
        MIN_SIZE,
        TYPES,
        LEVEL);
  }
}
