package dev.headgate.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FailureReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StrictHttp1Test {
  private static final String GOOD = "GET /good HTTP/1.1\r\nhost: a\r\n\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());

  StrictHttp1Test() {
    StrictHttp1.install(channel.pipeline(), 100);
  }

  @AfterEach
  void end() {
    channel.finishAndReleaseAll();
  }

  @Test
  void anUndecodableHeadStandsInForABadOne() {
    ByteBuf bytes = read(GOOD + "GET /bad http/1.1\r\nhost: a\r\n\r\n" + GOOD);

    assertThat(next(HttpRequest.class).uri()).isEqualTo("/good");
    next(LastHttpContent.class);
    HttpRequest bad = next(HttpRequest.class);
    assertThat(refusal(bad.decoderResult().cause())).isEqualTo(FailureReason.BAD_REQUEST);
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void anUndecodableEndStandsInForTheRestOfABadBody() {
    read(
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3 junk\r\nabc\r\n0\r\n\r\n");

    next(HttpRequest.class);
    HttpContent first = next(HttpContent.class);
    assertThat(first.content().toString(ISO_8859_1)).isEqualTo("abc");
    first.release();
    LastHttpContent end = next(LastHttpContent.class);
    assertThat(refusal(end.decoderResult().cause())).isEqualTo(FailureReason.BAD_REQUEST);
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void nothingFollowsAnOffence() {
    read("GET / http/1.1\r\n\r\n");
    next(HttpRequest.class);

    ByteBuf after = read(GOOD);

    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(after.refCnt()).isZero();
  }

  @Test
  void aTunnelIsNotItsBusiness() {
    read(GOOD);
    next(HttpRequest.class);
    next(LastHttpContent.class);
    channel.pipeline().remove(HttpServerCodec.class);

    ByteBuf frame = read("\u0081\u0085not http\n");

    assertThat(channel.<Object>readInbound()).isSameAs(frame);
    frame.release();
  }

  @Test
  void aConnectionWithoutTheCodecIsLeftAlone() {
    EmbeddedChannel other = new EmbeddedChannel();
    StrictHttp1.install(other.pipeline(), 100);
    assertThat(other.pipeline().get(StrictHttp1.class)).isNull();
  }

  private ByteBuf read(String octets) {
    ByteBuf bytes = Unpooled.directBuffer().writeBytes(octets.getBytes(ISO_8859_1));
    channel.writeInbound(bytes);
    return bytes;
  }

  private <T> T next(Class<T> type) {
    return type.cast(Objects.requireNonNull(channel.<Object>readInbound()));
  }

  private static FailureReason refusal(Throwable cause) {
    return ((Http1Refused) cause).reason();
  }
}
