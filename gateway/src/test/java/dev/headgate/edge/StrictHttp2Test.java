package dev.headgate.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Http2Frame;
import dev.headgate.testing.Property;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Without a codec behind it: what it passes on, and that nothing of it is lost. */
class StrictHttp2Test {
  private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast("codec", new ChannelInboundHandlerAdapter());
    StrictHttp2.install(channel.pipeline(), "codec", new Http2FrameBudget(0));
    return channel;
  }

  private static byte[] sound(Random random) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(PREFACE);
    int id = 1;
    for (int i = 0; i < 30; i++) {
      byte[] payload = new byte[random.nextInt(200)];
      random.nextBytes(payload);
      int type = random.nextInt(12);
      boolean opens = type == Http2Frame.HEADERS;
      id += opens ? 2 : 0;
      stream.writeBytes(
          Http2Frame.of(type, opens ? Http2Frame.END_HEADERS : 0, id, payload).encoded());
    }
    return stream.toByteArray();
  }

  private static byte[] passed(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    ByteBuf piece;
    while ((piece = channel.readInbound()) != null) {
      all.writeBytes(piece);
      piece.release();
    }
    return ByteBufUtil.getBytes(all);
  }

  @Test
  void howReadsSplitTheStreamMakesNoDifference() {
    Property.forAll(
        300,
        random -> {
          byte[] sent = sound(random);
          EmbeddedChannel channel = channel();
          int at = 0;
          while (at < sent.length) {
            int size =
                Math.min(sent.length - at, 1 + random.nextInt(random.nextInt(3) == 0 ? 300 : 12));
            ByteBuf piece = Unpooled.copiedBuffer(sent, at, size);
            channel.writeInbound(piece);
            at += size;
          }
          // Nobody forgot a piece, and whoever is behind has all of it.
          assertThat(passed(channel)).isEqualTo(sent);
          channel.finishAndReleaseAll();
        });
  }

  @Test
  void whatItRefusesGoesNoFurther() {
    EmbeddedChannel channel = channel();
    byte[] request = Http2Frame.of(Http2Frame.HEADERS, 0x5, 5, new byte[3]).encoded();
    byte[] passedOver = Http2Frame.of(Http2Frame.HEADERS, 0x5, 3, new byte[3]).encoded();
    ByteBuf together = Unpooled.wrappedBuffer(PREFACE, request, passedOver, request).copy();

    channel.writeInbound(together, Unpooled.copiedBuffer(request));

    assertThat(together.refCnt()).isLessThanOrEqualTo(2);
    assertThat(passed(channel)).hasSize(PREFACE.length + request.length);
    assertThat(together.refCnt()).isZero();
    channel.finishAndReleaseAll();
  }

  @Test
  void anUnfinishedHeaderSectionIsNotInterpreted() {
    EmbeddedChannel channel = channel();
    byte[] open = Http2Frame.of(Http2Frame.HEADERS, 0, 5, new byte[3]).encoded();
    byte[] between = Http2Frame.of(Http2Frame.HEADERS, 0x5, 3, new byte[3]).encoded();

    channel.writeInbound(Unpooled.wrappedBuffer(PREFACE, open, between));

    // An offence all the same, but the codec's to find.
    assertThat(passed(channel)).hasSize(PREFACE.length + open.length + between.length);
    channel.finishAndReleaseAll();
  }
}
