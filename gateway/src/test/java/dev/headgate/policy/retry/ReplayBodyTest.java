package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.testing.Property;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayBodyTest {
  private static final int MOST = 10;

  private final CountedMemory memory = new CountedMemory();
  private final Connection connection = new Connection();
  private final StreamedBody source = new StreamedBody(-1, connection);
  private final ReplayBody body = new ReplayBody(source, MOST);

  private static final class Connection implements StreamedBody.Source {
    private int reads;
    private boolean cancelled;

    @Override
    public void readMore() {
      reads++;
    }

    @Override
    public void bodyCancelled() {
      cancelled = true;
    }
  }

  @AfterEach
  void nothingIsHeld() {
    body.discard();
    source.cancel();
    assertThat(memory.held()).isZero();
  }

  private BodyReader read() {
    BodyReader reader = new BodyReader();
    body.subscribe(reader);
    reader.request(Long.MAX_VALUE);
    return reader;
  }

  @Test
  void theFirstReadsAsItArrivesAndTheSecondReadsThatAndGoesOn() {
    BodyReader first = read();
    source.offer(memory.buffer("abc"));
    assertThat(first.got()).isEqualTo("abc");
    first.cancel();

    BodyReader second = read();
    source.offer(memory.buffer("def"));
    HttpHeaders trailers = new DefaultHttpHeaders().add("x-sum", "1");
    source.complete(trailers);

    assertThat(second.got()).isEqualTo("abcdef");
    assertThat(second.complete()).isTrue();
    assertThat(body.trailers().get("x-sum")).isEqualTo("1");
    assertThat(read().got()).isEqualTo("abcdef");
  }

  @Test
  void asksForOneBufferAtATimeAndOnlyWhenAsked() {
    BodyReader reader = new BodyReader();
    body.subscribe(reader);
    source.offer(memory.buffer("a"));
    source.offer(memory.buffer("b"));
    assertThat(reader.got()).isEmpty();
    reader.request(1);
    assertThat(reader.got()).isEqualTo("a");
    assertThat(connection.reads).isZero();
    reader.request(2);
    assertThat(reader.got()).isEqualTo("ab");
    assertThat(connection.reads).isEqualTo(1);
    reader.cancel();
  }

  @Test
  void beyondItsLimitItStreamsAndIsNotReadAgain() {
    BodyReader reader = read();
    source.offer(memory.buffer("0123456789"));
    assertThat(body.available()).isTrue();

    source.offer(memory.buffer("x"));

    assertThat(reader.got()).isEqualTo("0123456789x");
    assertThat(body.available()).isFalse();
    assertThat(memory.held()).as("nothing is kept in vain").isZero();
    reader.cancel();
    assertThat(connection.cancelled).isTrue();
    assertThatThrownBy(this::read).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLimitOfZeroIsRepeatedAsLongAsNobodyGotAnything() {
    ReplayBody none = new ReplayBody(source, 0);
    BodyReader first = new BodyReader();
    none.subscribe(first);
    first.request(1);
    first.cancel();
    assertThat(none.available()).isTrue();
    source.offer(memory.buffer("abc"));
    BodyReader second = new BodyReader();
    none.subscribe(second);
    second.request(1);

    assertThat(second.got()).isEqualTo("abc");
    assertThat(none.available()).isFalse();
    none.discard();
  }

  @Test
  void whatComesBetweenTwoReadersIsTheSecondsThoughItDoesNotFit() {
    BodyReader first = read();
    source.offer(memory.buffer("01234567"));
    first.cancel();
    source.offer(memory.buffer("89abc"));
    assertThat(body.available()).isTrue();

    BodyReader second = read();
    assertThat(second.got()).isEqualTo("0123456789abc");
    assertThat(body.available()).isFalse();
  }

  @Test
  void aReaderThatGoesLeavesTheSourceWaitingUntilThereIsNoOther() {
    read().cancel();
    assertThat(connection.cancelled).isFalse();

    body.close();

    assertThat(connection.cancelled).isTrue();
    assertThat(body.available()).isFalse();
  }

  @Test
  void closedWhileOneReadsItOnlyStreams() {
    BodyReader reader = read();
    source.offer(memory.buffer("abc"));
    body.close();

    source.offer(memory.buffer("def"));
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(reader.got()).isEqualTo("abcdef");
    assertThat(reader.complete()).isTrue();
    assertThat(memory.held()).isZero();
  }

  @Test
  void closedWhileOneReadsItTheSourceGoesWithThatOne() {
    BodyReader reader = read();
    source.offer(memory.buffer("abc"));
    body.close();
    assertThat(connection.cancelled).isFalse();

    reader.cancel();

    assertThat(connection.cancelled).isTrue();
    assertThat(memory.held()).isZero();
  }

  @Test
  void closedBeforeAnybodyReadItLeavesTheSourceToItsOwner() {
    body.close();
    assertThat(connection.cancelled).isFalse();
    body.discard();
    assertThat(connection.cancelled).isTrue();
  }

  @Test
  void aBrokenBodyIsBrokenForTheNextReaderToo() {
    BodyReader first = read();
    source.offer(memory.buffer("abc"));
    first.cancel();
    source.fail(GatewayFailure.of(FailureReason.CLIENT_TIMEOUT));

    assertThat(body.available()).isFalse();
    assertThat(read().failed()).isTrue();
  }

  @Test
  void aWholeBodyIsReplayedToo() {
    ReplayBody whole = new ReplayBody(new FullBody(memory.buffer("abc")), MOST);
    for (int i = 0; i < 3; i++) {
      BodyReader reader = new BodyReader();
      whole.subscribe(reader);
      reader.request(1);
      assertThat(reader.got()).isEqualTo("abc");
      assertThat(reader.complete()).isTrue();
    }
    whole.discard();
  }

  /** Any order of arriving, reading, leaving and ending: right bytes, one end, nothing held. */
  @Test
  void anyInterleaving() {
    Property.forAll(3_000, ReplayBodyTest::interleave);
  }

  private static void interleave(Random random) {
    CountedMemory memory = new CountedMemory();
    StreamedBody source = new StreamedBody(-1, new Connection());
    ReplayBody body = new ReplayBody(source, random.nextInt(40));
    StringBuilder sent = new StringBuilder();
    BodyReader reader = null;
    boolean sourceEnded = false;
    boolean closed = false;
    for (int i = 0; i < 60; i++) {
      int what = random.nextInt(20);
      if (what < 7 && !sourceEnded) {
        String piece = "abcdefghij".substring(0, 1 + random.nextInt(10));
        sent.append(piece);
        source.offer(memory.buffer(piece));
      } else if (what < 12 && reader != null) {
        reader.request(1 + random.nextInt(3));
      } else if (what < 15 && reader == null && body.available()) {
        reader = new BodyReader();
        body.subscribe(reader);
      } else if (what < 17 && reader != null) {
        reader.cancel();
        reader = null;
      } else if (what == 17 && !sourceEnded && Property.chance(random, 30)) {
        sourceEnded = true;
        source.complete(EmptyHttpHeaders.INSTANCE);
      } else if (what == 18 && !sourceEnded && Property.chance(random, 10)) {
        sourceEnded = true;
        source.fail(GatewayFailure.of(FailureReason.CLIENT_TIMEOUT));
      } else if (what == 19 && Property.chance(random, 10)) {
        closed = true;
        body.close();
      }
      if (reader != null) {
        assertThat(sent.toString()).startsWith(reader.got());
        if (reader.complete()) {
          assertThat(reader.got()).isEqualTo(sent.toString());
        }
        if (reader.ended()) {
          reader = null;
        }
      }
      assertThat(closed && body.available()).isFalse();
    }
    if (reader != null) {
      reader.cancel();
    }
    body.discard();
    source.cancel();
    assertThat(memory.held()).isZero();
  }
}
