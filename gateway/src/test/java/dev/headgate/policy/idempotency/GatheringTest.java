package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.StreamedBody;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Property;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatheringTest implements Gathering.Listener {
  private final List<ByteBuf> sent = new ArrayList<>();
  private int reads;
  private int cancels;
  private String told = "";
  private @Nullable Throwable error;

  private StreamedBody source(long length) {
    return new StreamedBody(
        length,
        new StreamedBody.Source() {
          @Override
          public void readMore() {
            reads++;
          }

          @Override
          public void bodyCancelled() {
            cancels++;
          }
        });
  }

  private ByteBuf bytes(String text) {
    ByteBuf buffer = Bytes.of(text);
    sent.add(buffer);
    return buffer;
  }

  private static String text(ByteBuf buffer) {
    String text = buffer.toString(StandardCharsets.ISO_8859_1);
    buffer.release();
    return text;
  }

  private boolean nothingIsHeld() {
    return sent.stream().allMatch(buffer -> buffer.refCnt() == 0);
  }

  @Override
  public void whole() {
    told += "whole ";
  }

  @Override
  public void tooLong() {
    told += "too-long ";
  }

  @Override
  public void failed(Throwable cause) {
    told += "failed ";
    error = cause;
  }

  @Test
  void itReadsToTheEnd() {
    StreamedBody source = source(-1);
    Gathering gathering = new Gathering(source, 5, null);
    gathering.begin(this);
    source.offer(bytes("ab"));
    source.offer(bytes("cde"));
    assertThat(told).isEmpty();
    HttpHeaders trailers = new DefaultHttpHeaders().set("t", "1");

    source.complete(trailers);

    assertThat(told).isEqualTo("whole ");
    assertThat(text(gathering.take())).isEqualTo("abcde");
    assertThat(gathering.trailers()).isEqualTo(trailers);
    assertThat(gathering.arrivedWhole()).isTrue();
    assertThat(nothingIsHeld()).isTrue();
  }

  @Test
  void oneBufferThatIsTheWholeIsNotCopied() {
    StreamedBody source = source(3);
    Gathering gathering = new Gathering(source, 5, null);
    gathering.begin(this);
    source.offer(bytes("abc"));
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(gathering.take()).isSameAs(sent.get(0));
    sent.get(0).release();
  }

  @Test
  void beyondTheLimitItGoesOnAsABodyAndReadsNothingUnasked() {
    StreamedBody source = source(-1);
    Gathering gathering = new Gathering(source, 3, Digests.sha256());
    gathering.begin(this);
    source.offer(bytes("ab"));
    int before = reads;
    source.offer(bytes("cd"));
    assertThat(told).isEqualTo("too-long ");
    assertThat(reads).isEqualTo(before);

    Bytes reader = new Bytes();
    gathering.subscribe(reader);
    reader.request(1);
    assertThat(reader.pieces()).containsExactly("ab");
    reader.request(2);
    source.offer(bytes("ef"));
    reader.request(1);
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(reader.pieces()).containsExactly("ab", "cd", "ef");
    assertThat(reader.completed()).isTrue();
    assertThat(nothingIsHeld()).isTrue();
  }

  @Test
  void oneThatNobodyLetReadPassesOnAndDigests() {
    StreamedBody source = source(4);
    MessageDigest digest = Digests.sha256();
    Gathering gathering = new Gathering(source, 0, digest);
    Bytes reader = new Bytes();
    gathering.subscribe(reader);
    reader.request(9);
    source.offer(bytes("ab"));
    source.offer(bytes("cd"));
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(reader.pieces()).containsExactly("ab", "cd");
    assertThat(digest.digest())
        .isEqualTo(Digests.sha256().digest("abcd".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void whatBreaksIsToldAndLetGo() {
    StreamedBody source = source(-1);
    Gathering gathering = new Gathering(source, 9, null);
    gathering.begin(this);
    source.offer(bytes("ab"));

    source.fail(new IllegalStateException("broken"));

    assertThat(told).isEqualTo("failed ");
    assertThat(error).hasMessage("broken");
    assertThat(nothingIsHeld()).isTrue();
  }

  @Test
  void aBodyThatNobodyReadsIsGivenUpWithItsSource() {
    Gathering unread = new Gathering(source(4), 0, null);
    unread.discard();
    unread.discard();
    assertThat(cancels).isEqualTo(1);
    assertThat(unread.available()).isFalse();

    StreamedBody source = source(-1);
    Gathering begun = new Gathering(source, 9, null);
    begun.begin(this);
    source.offer(bytes("ab"));
    begun.discard();
    source.offer(bytes("cd"));
    assertThat(cancels).isEqualTo(2);
    assertThat(told).isEmpty();
    assertThat(nothingIsHeld()).isTrue();
  }

  /** Whatever the pieces, the limit and the demand: nothing is lost, doubled or kept. */
  @Test
  void allThatComesGoesOnOnce() {
    Property.forAll(
        300,
        random -> {
          sent.clear();
          told = "";
          StreamedBody source = source(Property.chance(random, 50) ? 40 : -1);
          Gathering gathering = new Gathering(source, random.nextInt(60), null);
          Bytes reader = new Bytes();
          String expected = feed(source, gathering, reader, random);
          boolean whole = told.equals("whole ");
          String got = whole ? text(gathering.take()) : String.join("", reader.pieces());
          if (Property.chance(random, 50) || whole || reader.completed()) {
            assertThat(got).isEqualTo(whole || reader.completed() ? expected : got);
            assertThat(expected).startsWith(got);
          }
          gathering.discard();
          if (!whole && reader.ends() == 0 && told.contains("too")) {
            reader.cancel();
          }
          assertThat(nothingIsHeld()).isTrue();
        });
  }

  private String feed(StreamedBody source, Gathering gathering, Bytes reader, Random random) {
    StringBuilder all = new StringBuilder();
    boolean reading = false;
    gathering.begin(this);
    for (int i = 0; i < 10; i++) {
      String piece = "0123456789".substring(random.nextInt(9));
      all.append(piece);
      source.offer(bytes(piece));
      if (told.contains("too")) {
        if (!reading) {
          gathering.subscribe(reader);
          reading = true;
        }
        reader.request(random.nextInt(3));
      }
    }
    source.complete(EmptyHttpHeaders.INSTANCE);
    if (reading && Property.chance(random, 70)) {
      reader.request(20);
    }
    return all.toString();
  }
}
