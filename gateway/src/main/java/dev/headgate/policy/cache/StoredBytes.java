package dev.headgate.policy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer as nodes share it: its head, and its content as it is. Names and values are ISO-8859-1,
 * as they came.
 */
final class StoredBytes {
  /** Another form of them is another version, which is as if nothing were there. */
  private static final int VERSION = 1;

  private static final int ROOM_FOR_HEAD = 1024;
  private static final int MOST = 64 << 20;
  private static final int ABSENT = -1;

  private StoredBytes() {}

  /**
   * What was read.
   *
   * @param age of it when it was kept, in milliseconds
   * @param contentAt where the content begins, which is the rest
   */
  record Read(
      int status,
      HttpHeaders headers,
      HttpHeaders trailers,
      Vary vary,
      Freshness freshness,
      long age,
      Set<String> tags,
      int contentAt) {}

  static byte[] of(Stored stored, long nowMillis) {
    Head head = stored.head();
    ByteBuf content = stored.content();
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(ROOM_FOR_HEAD + content.readableBytes());
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeShort(head.status());
      write(out, head.headers());
      write(out, stored.trailers());
      out.writeInt(head.vary().names().size());
      for (int i = 0; i < head.vary().names().size(); i++) {
        write(out, head.vary().names().get(i));
        write(out, head.vary().values().get(i));
      }
      Freshness freshness = head.freshness();
      out.writeLong(freshness.lifetime());
      out.writeBoolean(freshness.validated());
      out.writeBoolean(freshness.neverStale());
      out.writeLong(freshness.whileRevalidating());
      out.writeLong(freshness.onError());
      out.writeLong(head.initialAge() + Math.max(0, nowMillis - head.receivedMillis()));
      out.writeInt(head.tags().size());
      for (String tag : head.tags()) {
        write(out, tag);
      }
      out.writeInt(content.readableBytes());
      content.getBytes(content.readerIndex(), out, content.readableBytes());
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, HttpHeaders fields) throws IOException {
    out.writeInt(fields.size());
    for (Map.Entry<String, String> field : fields) {
      write(out, field.getKey());
      write(out, field.getValue());
    }
  }

  private static void write(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(ABSENT);
    } else {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  /** Null where that is none of ours. */
  static @Nullable Read read(byte[] bytes, int from) {
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from));
    try {
      if (in.readByte() != VERSION) {
        return null;
      }
      int status = in.readUnsignedShort();
      HttpHeaders headers = fields(in);
      HttpHeaders trailers = fields(in);
      Vary vary = vary(in);
      Freshness freshness =
          new Freshness(
              in.readLong(), in.readBoolean(), in.readBoolean(), in.readLong(), in.readLong());
      long age = in.readLong();
      Set<String> tags = new LinkedHashSet<>();
      for (int left = count(in); left > 0; left--) {
        tags.add(present(in));
      }
      int length = count(in);
      return length == in.available() && status >= 200 && status <= 599 && age >= 0
          ? new Read(status, headers, trailers, vary, freshness, age, tags, bytes.length - length)
          : null;
    } catch (IOException | IllegalArgumentException notOurs) {
      return null;
    }
  }

  private static Vary vary(DataInputStream in) throws IOException {
    List<String> names = new ArrayList<>(2);
    List<@Nullable String> values = new ArrayList<>(2);
    for (int left = count(in); left > 0; left--) {
      names.add(present(in));
      values.add(text(in));
    }
    return names.isEmpty() ? Vary.NOTHING : new Vary(names, values);
  }

  private static HttpHeaders fields(DataInputStream in) throws IOException {
    HttpHeaders fields = new DefaultHttpHeaders();
    for (int left = count(in); left > 0; left--) {
      fields.add(present(in), present(in));
    }
    return fields;
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST) {
      throw new IOException("no such number");
    }
    return count;
  }

  private static String present(DataInputStream in) throws IOException {
    String text = text(in);
    if (text == null) {
      throw new IOException("no text");
    }
    return text;
  }

  private static @Nullable String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length == ABSENT) {
      return null;
    }
    if (length < 0 || length > in.available()) {
      throw new IOException("no such length");
    }
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }
}
