package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** The syntax against Netty's codec, for whom it vouches: what both take ends where both say. */
class Http1SyntaxFuzzTest {
  private static final int LONGEST = 4_096;
  private static final int MAX_FIELDS = 100;

  @FuzzTest(maxDuration = "10s")
  void framesAsNettyDoes(byte[] octets) {
    Http1Syntax syntax = new Http1Syntax(MAX_FIELDS);
    Netty netty = new Netty();
    try {
      for (int at = 0; at < Math.min(octets.length, LONGEST); at++) {
        byte[] one = {octets[at]};
        syntax.accept(Unpooled.wrappedBuffer(one), 0, 1);
        if (syntax.offence() != null || !netty.takes(one)) {
          return;
        }
        assertThat(netty.withinBody)
            .as("within a body after octet %s", at)
            .isEqualTo(!syntax.inHead());
      }
    } finally {
      netty.channel.finishAndReleaseAll();
    }
  }

  /** However the octets are split the verdict is the same, and nothing beyond it is passed on. */
  @FuzzTest(maxDuration = "10s")
  void readsDoNotMatter(byte[] octets) {
    Http1Syntax whole = new Http1Syntax(MAX_FIELDS);
    int passed = whole.accept(Unpooled.wrappedBuffer(octets), 0, octets.length);
    Http1Syntax split = new Http1Syntax(MAX_FIELDS);
    int at = 0;
    while (at < octets.length && split.offence() == null) {
      at += split.accept(Unpooled.wrappedBuffer(octets, at, 1), 0, 1);
    }
    assertThat(split.offence()).isEqualTo(whole.offence());
    assertThat(split.inHead()).isEqualTo(whole.inHead());
    assertThat(passed).isBetween(0, at);
  }

  private static final class Netty {
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    private boolean withinBody;

    /** False from where Netty refuses. */
    boolean takes(byte[] octets) {
      channel.writeInbound(Unpooled.copiedBuffer(octets));
      for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
        boolean sound = next.decoderResult().isSuccess();
        if (next instanceof HttpRequest) {
          withinBody = true;
        }
        if (next instanceof LastHttpContent) {
          withinBody = false;
        }
        ReferenceCountUtil.release(next);
        if (!sound) {
          return false;
        }
      }
      return true;
    }
  }
}
