package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Bytes;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class FullBodyTest {
  private final ByteBuf content = Bytes.of("hello");
  private final FullBody body = new FullBody(content);
  private final Bytes reader = new Bytes();

  @Test
  void isGivenWholeOnDemand() {
    body.subscribe(reader);
    assertThat(reader.pieces()).isEmpty();

    reader.request(1).request(1);

    assertThat(reader.pieces()).containsExactly("hello");
    assertThat(reader.completed()).isTrue();
    assertThat(content.refCnt()).isZero();
    assertThat(body.length()).isEqualTo(5);
  }

  @Test
  void cancellingReleasesIt() {
    body.subscribe(reader);

    reader.cancel();
    reader.request(1);

    assertThat(content.refCnt()).isZero();
    assertThat(reader.pieces()).isEmpty();
    assertThat(reader.ends()).isZero();
  }

  @Test
  void discardingTwiceReleasesItOnce() {
    body.discard();
    body.discard();

    assertThat(content.refCnt()).isZero();
    body.subscribe(reader);
    assertThat(reader.error()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whoTakesItReleasesIt() {
    assertThat(body.take()).isSameAs(content);

    body.discard();

    assertThat(content.refCnt()).isEqualTo(1);
    assertThatThrownBy(body::take).isInstanceOf(IllegalStateException.class);
    content.release();
  }

  @Test
  void anEmptyOneEndsAtOnce() {
    ByteBuf nothing = Bytes.of("");
    new FullBody(nothing).subscribe(reader);

    assertThat(reader.completed()).isTrue();
  }

  @Test
  void aTextIsUtf8() {
    FullBody text = FullBody.ofText("ü");
    assertThat(text.length()).isEqualTo(2);
    text.discard();
  }

  @Test
  void noBodyEndsAtOnce() {
    Body.EMPTY.subscribe(reader);

    assertThat(reader.completed()).isTrue();
    assertThat(Body.EMPTY.length()).isZero();
  }
}
