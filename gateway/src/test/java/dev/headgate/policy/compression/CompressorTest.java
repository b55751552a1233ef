package dev.headgate.policy.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressorTest {
  private static byte[] content(Random random) {
    byte[] bytes = new byte[random.nextInt(Property.chance(random, 10) ? 70_000 : 3_000)];
    if (Property.chance(random, 20)) {
      random.nextBytes(bytes);
    } else {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) "{\"name\": \"value\", ".charAt(random.nextInt(18));
      }
    }
    return bytes;
  }

  /** Any kind of buffer that a connection or a policy may hand over. */
  private static ByteBuf buffer(Random random, byte[] bytes, int from, int to) {
    int middle = from + (to - from) / 2;
    return switch (random.nextInt(3)) {
      case 0 -> Unpooled.copiedBuffer(bytes, from, to - from);
      case 1 ->
          ByteBufAllocator.DEFAULT.directBuffer(to - from + 1).writeBytes(bytes, from, to - from);
      default ->
          Unpooled.wrappedBuffer(
              Unpooled.copiedBuffer(bytes, from, middle - from),
              ByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes, middle, to - middle));
    };
  }

  private static void take(ByteBuf from, ByteBuf to) {
    to.writeBytes(from);
    from.release();
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void streamedItComesBackAsItWasAndEachPieceAtOnce(Encoding encoding) {
    Property.forAll(
        100,
        random -> {
          byte[] content = content(random);
          Compressor compressor =
              encoding.compressor(Property.oneOf(random, List.of(Level.values())));
          ByteBuf sent = Unpooled.buffer();
          List<ByteBuf> given = new ArrayList<>();
          for (int from = 0; from < content.length; ) {
            int to = Math.min(content.length, from + 1 + random.nextInt(1_500));
            ByteBuf piece = buffer(random, content, from, to);
            given.add(piece);
            take(compressor.next(piece), sent);
            from = to;
            if (Property.chance(random, 5)) {
              assertThat(Plain.soFar(encoding, bytes(sent), from))
                  .isEqualTo(java.util.Arrays.copyOf(content, from));
            }
          }
          take(compressor.last(), sent);
          compressor.close();

          assertThat(Plain.of(encoding, bytes(sent))).isEqualTo(content);
          assertThat(given).allMatch(buffer -> buffer.refCnt() == 0);
          sent.release();
        });
  }

  @ParameterizedTest
  @EnumSource
  void atOnceItComesBackAsItWas(Encoding encoding) {
    Property.forAll(
        100,
        random -> {
          byte[] content = content(random);
          Compressor compressor =
              encoding.compressor(Property.oneOf(random, List.of(Level.values())));
          ByteBuf whole = buffer(random, content, 0, content.length);
          ByteBuf sent = compressor.whole(whole);
          compressor.close();

          assertThat(Plain.of(encoding, bytes(sent))).isEqualTo(content);
          if (content.length > 0) {
            // What is empty may be the one empty buffer that nobody can release.
            assertThat(whole.refCnt()).isZero();
          }
          sent.release();
        });
  }

  @ParameterizedTest
  @EnumSource
  void anAbandonedOneIsClosed(Encoding encoding) {
    Compressor unused = encoding.compressor(Level.BALANCED);
    unused.close();

    Compressor begun = encoding.compressor(Level.BALANCED);
    begun.next(Unpooled.wrappedBuffer(new byte[100])).release();
    begun.close();
    begun.close();
  }

  @ParameterizedTest
  @EnumSource
  void textBecomesMuchSmaller(Encoding encoding) {
    String text = "{\"id\": 12345, \"name\": \"a name\", \"tags\": [\"x\", \"y\"]}\n".repeat(500);
    Compressor compressor = encoding.compressor(Level.FAST);
    ByteBuf sent =
        compressor.whole(Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.UTF_8));
    compressor.close();

    assertThat(sent.readableBytes()).isLessThan(text.length() / 20);
    sent.release();
  }
}
