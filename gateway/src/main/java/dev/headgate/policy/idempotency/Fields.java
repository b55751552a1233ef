package dev.headgate.policy.idempotency;

import dev.headgate.policy.idempotency.Wire.Malformed;
import dev.headgate.policy.idempotency.Wire.Reader;
import dev.headgate.policy.idempotency.Wire.Writer;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Map;

/** Header and trailer fields as bytes. */
final class Fields {
  // What is read is checked here, and only for what would break a message's framing: a field that
  // came from a service goes back as it came.
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private Fields() {}

  static int size(HttpHeaders fields) {
    int size = Wire.sizeOf(fields.size());
    for (Iterator<Map.Entry<CharSequence, CharSequence>> it = fields.iteratorCharSequence();
        it.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = it.next();
      size += Wire.sizeOf(field.getKey()) + Wire.sizeOf(field.getValue());
    }
    return size;
  }

  static void write(Writer writer, HttpHeaders fields) {
    writer.number(fields.size());
    for (Iterator<Map.Entry<CharSequence, CharSequence>> it = fields.iteratorCharSequence();
        it.hasNext(); ) {
      Map.Entry<CharSequence, CharSequence> field = it.next();
      writer.text(field.getKey());
      writer.text(field.getValue());
    }
  }

  static HttpHeaders read(Reader reader) {
    int count = reader.number();
    // Two octets each at least: a count that cannot be is not believed.
    if (count > reader.left() / 2) {
      throw new Malformed("fewer fields than it says");
    }
    HttpHeaders fields = HEADERS.newHeaders();
    for (int i = 0; i < count; i++) {
      fields.add(name(reader.text()), value(reader.text()));
    }
    return fields;
  }

  private static String name(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ':') {
        throw new Malformed("no name of a field");
      }
    }
    if (name.isEmpty()) {
      throw new Malformed("no name of a field");
    }
    return name;
  }

  private static String value(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new Malformed("no value of a field");
      }
    }
    return value;
  }
}
