package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.NOW;
import static dev.headgate.policy.cache.Samples.bytes;
import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredBytesTest {
  private static final int KIB = 1 << 10;
  private static final List<String> NAMES = List.of("set-cookie", "Link", "x-a", "ETag", "Via");
  private static final List<Integer> COUNTS =
      List.of(-1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 26, (1 << 26) + 1, 1 << 20);

  // ---- what was written is read

  @Test
  void whatIsWrittenIsRead() {
    Property.forAll(300, random -> assertSame(answer(random), NOW + random.nextInt(100_000)));
  }

  private static void assertSame(Stored stored, long now) {
    byte[] bytes = StoredBytes.of(stored, now);
    Head head = stored.head();

    StoredBytes.Read read = Objects.requireNonNull(StoredBytes.read(bytes, 0));

    assertThat(read.status()).isEqualTo(head.status());
    assertThat(read.headers()).asString().isEqualTo(head.headers().toString());
    assertThat(read.trailers()).asString().isEqualTo(stored.trailers().toString());
    assertThat(read.vary()).isEqualTo(head.vary());
    assertThat(read.freshness()).isEqualTo(head.freshness());
    assertThat(read.age()).isEqualTo(head.initialAge() + now - NOW);
    assertThat(List.copyOf(read.tags())).isEqualTo(List.copyOf(head.tags()));
    assertThat(Arrays.copyOfRange(bytes, read.contentAt(), bytes.length))
        .isEqualTo(octets(stored.content()));
  }

  private static byte[] octets(ByteBuf content) {
    byte[] octets = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), octets);
    return octets;
  }

  private static Stored answer(Random random) {
    Head head =
        new Head(
            200 + random.nextInt(400),
            lines(random, 12),
            vary(random),
            new Freshness(
                random.nextInt(100_000),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(100_000),
                random.nextInt(100_000)),
            random.nextInt(100_000),
            NOW,
            tags(random));
    String content = Property.chance(random, 20) ? "" : latin(random, 3_000);
    return Stored.of(head, bytes(content), lines(random, 3));
  }

  private static HttpHeaders lines(Random random, int most) {
    HttpHeaders lines = new DefaultHttpHeaders();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      lines.add(Property.oneOf(random, NAMES), latin(random, 40));
    }
    return lines;
  }

  private static Vary vary(Random random) {
    List<String> names = new ArrayList<>();
    List<@Nullable String> values = new ArrayList<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      names.add("x-" + left);
      values.add(Property.chance(random, 30) ? null : latin(random, 20));
    }
    return new Vary(names, values);
  }

  private static Set<String> tags(Random random) {
    Set<String> tags = new LinkedHashSet<>();
    for (int left = random.nextInt(5); left > 0; left--) {
      tags.add(latin(random, 20));
    }
    return tags;
  }

  /** Text of what may stand in a field: no control characters, and none at its ends. */
  private static String latin(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      int c = random.nextInt(256 - 32) + 32;
      text.append(c == 127 ? 'x' : (char) c);
    }
    return text.toString().strip();
  }

  @Test
  void linesOfOneNameStayApartAndInOrder() {
    Stored stored = sample(fields("x-a: 1", "x-b: 2", "X-A: 3"), Vary.NOTHING, "abc");

    assertThat(read(stored).headers().getAll("x-a")).containsExactly("1", "3");
    assertThat(read(stored).headers().names()).containsExactly("x-a", "x-b", "X-A");
  }

  @Test
  void whatARequestDidNotHaveIsNotEmpty() {
    Vary vary = Vary.of(List.of("x-a", "x-b"), fields("x-b:"));

    Vary read = read(sample(fields(), vary, "abc")).vary();

    assertThat(read.values()).containsExactly(null, "");
    assertThat(read.matches(fields("x-b:"))).isTrue();
    assertThat(read.matches(fields("x-a:", "x-b:"))).isFalse();
  }

  @Test
  void aClockThatWasSetBackMakesNothingYounger() {
    Stored stored = sample(fields("age: 7"), Vary.NOTHING, "abc");

    StoredBytes.Read read =
        Objects.requireNonNull(StoredBytes.read(StoredBytes.of(stored, NOW - 5_000), 0));

    assertThat(read.age()).isEqualTo(7_000);
  }

  @Test
  void whatStandsBeforeItIsPassedOver() {
    byte[] bytes = valid();
    byte[] later = new byte[bytes.length + 14];
    System.arraycopy(bytes, 0, later, 14, bytes.length);

    StoredBytes.Read read = Objects.requireNonNull(StoredBytes.read(later, 14));

    assertThat(text(later, read.contentAt())).isEqualTo("abc");
  }

  @Test
  void aContentIsWrittenFromWhereItIsReadAndLeftAsItIs() {
    ByteBuf content = bytes("xyabc").skipBytes(2);
    Stored stored = Stored.of(Samples.head(200, fresh(60)), content, EmptyHttpHeaders.INSTANCE);

    byte[] bytes = StoredBytes.of(stored, NOW);

    StoredBytes.Read read = Objects.requireNonNull(StoredBytes.read(bytes, 0));
    assertThat(text(bytes, read.contentAt())).isEqualTo("abc");
    assertThat(content.readableBytes()).isEqualTo(3);
  }

  private static String text(byte[] bytes, int from) {
    return new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
  }

  private static StoredBytes.Read read(Stored stored) {
    return Objects.requireNonNull(StoredBytes.read(StoredBytes.of(stored, NOW), 0));
  }

  private static Stored sample(HttpHeaders headers, Vary vary, String content) {
    Head head = Head.of(200, headers, vary, fresh(60), NOW, NOW, Set.of("red", "blue"));
    return Stored.of(head, bytes(content), fields("x-sum: 42"));
  }

  private static byte[] valid() {
    Vary vary = Vary.of(List.of("x-a", "x-b"), fields("x-a: 1"));
    return StoredBytes.of(sample(fields("etag: \"a\"", "link: <b>"), vary, "abc"), NOW);
  }

  // ---- what is none of ours

  @ParameterizedTest
  @ValueSource(strings = {"abc", ""})
  void whatEndsTooSoonIsNothing(String content) {
    byte[] bytes = StoredBytes.of(sample(fields("etag: \"a\""), Vary.NOTHING, content), NOW);

    for (int length = 0; length < bytes.length; length++) {
      assertThat(StoredBytes.read(Arrays.copyOf(bytes, length), 0)).as("%d bytes", length).isNull();
    }
  }

  @Test
  void whatGoesOnAfterItsEndIsNothing() {
    byte[] bytes = valid();

    assertThat(StoredBytes.read(Arrays.copyOf(bytes, bytes.length + 1), 0)).isNull();
  }

  @Test
  void anotherVersionIsNothing() {
    byte[] bytes = valid();
    byte ours = bytes[0];
    for (int version = Byte.MIN_VALUE; version <= Byte.MAX_VALUE; version++) {
      bytes[0] = (byte) version;
      assertThat(StoredBytes.read(bytes, 0) != null).isEqualTo(version == ours);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 199, 600, 65_535})
  void aStatusThatIsNoneIsNothing(int status) {
    byte[] bytes = valid();
    ByteBuffer.wrap(bytes).putShort(1, (short) status);

    assertThat(StoredBytes.read(bytes, 0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\n"})
  void aNameThatIsNoneIsNothing(String name) {
    byte[] bytes =
        written(
            out -> {
              out.writeInt(1);
              write(out, name);
              write(out, "value");
              rest(out, 0, 0, 0);
            });

    assertThat(StoredBytes.read(bytes, 0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nx-b: c", "a\n", "a\0"})
  void aValueThatIsMoreThanOneIsNothing(String value) {
    byte[] bytes =
        written(
            out -> {
              out.writeInt(1);
              write(out, "x-a");
              write(out, value);
              rest(out, 0, 0, 0);
            });

    assertThat(StoredBytes.read(bytes, 0)).isNull();
  }

  @Test
  void anAgeBelowZeroIsNothing() {
    assertThat(StoredBytes.read(written(out -> without(out, 0)), 0)).isNotNull();
    assertThat(StoredBytes.read(written(out -> without(out, -1)), 0)).isNull();
  }

  private static void without(DataOutputStream out, long age) throws IOException {
    out.writeInt(0);
    rest(out, age, 0, 0);
  }

  @Test
  void aCountThatIsNoneIsNothingAndTakesNoRoom() {
    for (int count : COUNTS) {
      assertNothing(written(out -> out.writeInt(count)));
      assertNothing(
          written(
              out -> {
                out.writeInt(1);
                out.writeInt(count);
                out.write(new byte[100]);
              }));
      assertNothing(
          written(
              out -> {
                out.writeInt(0);
                rest(out, 0, count, 0);
              }));
      assertNothing(
          written(
              out -> {
                out.writeInt(0);
                rest(out, 0, 0, count);
              }));
    }
  }

  @Test
  void aTextThatIsAbsentWhereOneMustBeIsNothing() {
    assertNothing(
        written(
            out -> {
              out.writeInt(1);
              out.writeInt(-1);
              write(out, "value");
              rest(out, 0, 0, 0);
            }));
    assertNothing(
        written(
            out -> {
              out.writeInt(1);
              write(out, "name");
              out.writeInt(-1);
              rest(out, 0, 0, 0);
            }));
    assertNothing(
        written(
            out -> {
              out.writeInt(0);
              out.writeInt(0);
              out.writeInt(1);
              out.writeInt(-1);
              write(out, "value");
              timesAndAge(out, 0);
              out.writeInt(0);
              out.writeInt(0);
            }));
    assertNothing(
        written(
            out -> {
              out.writeInt(0);
              out.writeInt(0);
              out.writeInt(0);
              timesAndAge(out, 0);
              out.writeInt(1);
              out.writeInt(-1);
              out.writeInt(0);
            }));
  }

  private static void assertNothing(byte[] bytes) {
    long before = allocated();
    StoredBytes.Read read = StoredBytes.read(bytes, 0);
    long after = allocated();
    assertThat(read).isNull();
    assertThat(after - before).isLessThan(256 * KIB);
  }

  @Test
  void anyNumberInAnyPlaceNeitherThrowsNorTakesRoom() {
    byte[] valid = valid();
    for (int at = 0; at + Integer.BYTES <= valid.length; at++) {
      for (int count : COUNTS) {
        byte[] bytes = valid.clone();
        ByteBuffer.wrap(bytes).putInt(at, count);
        long before = allocated();
        StoredBytes.read(bytes, 0);
        assertThat(allocated() - before).as("%d at %d", count, at).isLessThan(256 * KIB);
      }
    }
  }

  @Test
  void whateverIsBrokenInItNothingIsThrown() {
    Property.forAll(
        300,
        random -> {
          byte[] bytes = StoredBytes.of(answer(random), NOW);
          for (int left = 1 + random.nextInt(4); left > 0; left--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          StoredBytes.Read read = StoredBytes.read(bytes, 0);
          assertThat(read == null || read.contentAt() <= bytes.length).isTrue();
        });
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  /** An answer as far as its status, and what is written then. */
  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(1);
      out.writeShort(200);
      writing.to(out);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  /** All from the trailers on, of which there are none. */
  private static void rest(DataOutputStream out, long age, int tags, int length)
      throws IOException {
    out.writeInt(0);
    out.writeInt(0);
    timesAndAge(out, age);
    out.writeInt(tags);
    out.writeInt(length);
  }

  private static void timesAndAge(DataOutputStream out, long age) throws IOException {
    out.writeLong(60);
    out.writeBoolean(false);
    out.writeBoolean(false);
    out.writeLong(0);
    out.writeLong(0);
    out.writeLong(age);
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
