package dev.headgate.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Turns records into JSON lines and writes them a batch at a time. One thread. */
final class AccessLineEncoder {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final double MICROS_PER_MILLI = 1_000.0;

  private final OutputStream out;
  private final JsonFactory json = new JsonFactory();
  private final ByteArrayOutputStream batch = new ByteArrayOutputStream(64 * 1024);

  AccessLineEncoder(OutputStream out) {
    this.out = out;
  }

  void write(AccessRecord record) {
    try (JsonGenerator line = json.createGenerator(ObjectWriteContext.empty(), batch)) {
      line.writeStartObject();
      line.writeStringProperty("time", MILLIS.format(Instant.ofEpochMilli(record.epochMillis())));
      line.writeStringProperty("id", record.id());
      text(line, "traceId", record.traceId());
      line.writeStringProperty("client", record.client());
      line.writeStringProperty("method", record.method());
      line.writeStringProperty("path", record.path());
      text(line, "route", record.route());
      text(line, "version", record.version());
      text(line, "versionFrom", record.versionFrom());
      text(line, "upstream", record.upstream());
      text(line, "endpoint", record.endpoint());
      line.writeNumberProperty("attempts", record.attempts());
      line.writeNumberProperty("status", record.status());
      texts(line, "flags", record.flags());
      texts(line, "decisions", record.decisions());
      if (record.keyed() != null) {
        line.writeObjectPropertyStart("idempotency");
        text(line, "key", record.keyed().key());
        line.writeStringProperty("outcome", record.keyed().outcome());
        line.writeEndObject();
      }
      if (record.cached() != null) {
        line.writeObjectPropertyStart("cache");
        line.writeStringProperty("result", record.cached().result());
        if (record.cached().ttl() != null) {
          line.writeNumberProperty("ttl", record.cached().ttl());
        }
        line.writeEndObject();
      }
      line.writeNumberProperty("bytesIn", record.bytesIn());
      line.writeNumberProperty("bytesOut", record.bytesOut());
      line.writeNumberProperty("totalMs", record.totalMicros() / MICROS_PER_MILLI);
      if (record.upstreamMicros() >= 0) {
        line.writeNumberProperty("upstreamMs", record.upstreamMicros() / MICROS_PER_MILLI);
      } else {
        line.writeNullProperty("upstreamMs");
      }
      line.writeEndObject();
    }
    batch.write('\n');
  }

  void flush() throws IOException {
    batch.writeTo(out);
    out.flush();
    batch.reset();
  }

  void reset() {
    batch.reset();
  }

  private static void texts(JsonGenerator line, String name, List<String> values) {
    line.writeArrayPropertyStart(name);
    for (String value : values) {
      line.writeString(value);
    }
    line.writeEndArray();
  }

  private static void text(JsonGenerator line, String name, @Nullable String value) {
    if (value == null) {
      line.writeNullProperty(name);
    } else {
      line.writeStringProperty(name, value);
    }
  }
}
