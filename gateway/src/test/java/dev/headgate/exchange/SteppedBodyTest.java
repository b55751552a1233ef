package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Bytes;
import dev.headgate.testing.Property;
import dev.headgate.testing.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SteppedBodyTest {
  private final VirtualTime time = new VirtualTime();
  private final Feeding feeding = new Feeding();
  private final StreamedBody source = new StreamedBody(-1, feeding);
  private final Recording step = new Recording();
  private final Bytes taker = new Bytes();

  /** The connection's side. */
  private static final class Feeding implements StreamedBody.Source {
    private int asked;
    private int cancelled;

    @Override
    public void readMore() {
      asked++;
    }

    @Override
    public void bodyCancelled() {
      cancelled++;
    }
  }

  /** Puts brackets around what passes; drops an x, chokes on an !. */
  private static final class Recording implements SteppedBody.Step {
    private final List<ByteBuf> given = new ArrayList<>();
    private @Nullable String last;
    private int closed;

    @Override
    public ByteBuf next(ByteBuf buffer) {
      assertThat(closed).as("closed").isZero();
      given.add(buffer);
      String text = buffer.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
      buffer.release();
      if (text.equals("!")) {
        throw GatewayFailure.of(FailureReason.PAYLOAD_TOO_LARGE);
      }
      return text.equals("x")
          ? Unpooled.EMPTY_BUFFER
          : Bytes.of(text.length() > 10 ? "[" + text.length() + "]" : "[" + text + "]");
    }

    @Override
    public @Nullable ByteBuf last() {
      assertThat(closed).as("closed").isZero();
      return last == null ? null : Bytes.of(last);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private SteppedBody body() {
    return new SteppedBody(source, -1, time.loop(), () -> step);
  }

  private Bytes subscribed() {
    body().subscribe(taker);
    return taker;
  }

  @Test
  void asksForOneBufferAtATimeAndOnlyOnDemand() {
    subscribed();
    assertThat(feeding.asked).isZero();

    taker.request(1);
    assertThat(feeding.asked).isEqualTo(1);
    source.offer(Bytes.of("a"));
    source.offer(Bytes.of("b"));

    assertThat(taker.pieces()).containsExactly("[a]");
    taker.request(5);
    assertThat(taker.pieces()).containsExactly("[a]", "[b]");
    source.complete(new DefaultHttpHeaders().set("t", "1"));
    assertThat(taker.completed()).isTrue();
    assertThat(step.closed).isEqualTo(1);
  }

  @Test
  void aBufferThatGivesNothingIsFollowedByTheNext() {
    subscribed().request(1);
    source.offer(Bytes.of("x"));
    source.offer(Bytes.of("a"));

    assertThat(taker.pieces()).containsExactly("[a]");
  }

  @Test
  void completesWithoutDemandWhereNothingIsLeftToSay() {
    subscribed();
    source.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(taker.completed()).isTrue();
  }

  @Test
  void whatTheStepSaysLastWaitsForDemand() {
    step.last = "end";
    subscribed().request(1);
    source.offer(Bytes.of("a"));
    source.complete(EmptyHttpHeaders.INSTANCE);
    assertThat(taker.pieces()).containsExactly("[a]");
    assertThat(taker.completed()).isFalse();

    taker.request(1);

    assertThat(taker.pieces()).containsExactly("[a]", "end");
    assertThat(taker.completed()).isTrue();
    assertThat(step.closed).isEqualTo(1);
  }

  @Test
  void aStepThatFailsEndsBothSides() {
    subscribed().request(2);
    source.offer(Bytes.of("a"));
    source.offer(Bytes.of("!"));

    assertThat(taker.error()).isInstanceOf(GatewayFailure.class);
    assertThat(feeding.cancelled).isEqualTo(1);
    assertThat(step.closed).isEqualTo(1);
    source.offer(Bytes.of("late"));
    assertThat(step.given).hasSize(2);
  }

  @Test
  void aSourceThatFailsIsToldAndTheStepClosed() {
    subscribed().request(1);
    source.fail(GatewayFailure.of(FailureReason.UPSTREAM_RESET));

    assertThat(taker.error()).isInstanceOf(GatewayFailure.class);
    assertThat(step.closed).isEqualTo(1);
  }

  @Test
  void cancellationReleasesWhatIsHeldAndCancelsTheSource() {
    step.last = "end";
    subscribed();
    ByteBuf held = Bytes.of("a");
    source.offer(held);
    taker.cancel();
    taker.cancel();

    assertThat(held.refCnt()).isZero();
    assertThat(feeding.cancelled).isEqualTo(1);
    assertThat(step.closed).isEqualTo(1);
    taker.request(1);
    assertThat(taker.pieces()).isEmpty();
  }

  @Test
  void discardedBeforeTheSubscriptionItMakesNoStep() {
    body().discard();

    assertThat(feeding.cancelled).isEqualTo(1);
    assertThat(step.closed).isZero();
  }

  @Test
  void aLargeBufferPassesInPiecesATurnEach() {
    FullBody large = new FullBody(Unpooled.buffer().writeZero(2 * SteppedBody.PIECE + 20));
    new SteppedBody(large, -1, time.loop(), () -> step).subscribe(taker);
    taker.request(10);
    assertThat(taker.pieces()).containsExactly("[65536]");

    time.run();

    assertThat(taker.pieces()).containsExactly("[65536]", "[65536]", "[20]");
    assertThat(taker.completed()).isTrue();
    assertThat(step.given).allMatch(buffer -> buffer.refCnt() == 0);
  }

  @Test
  void cancelledBetweenPiecesItReleasesTheRest() {
    ByteBuf content = Unpooled.buffer().writeZero(3 * SteppedBody.PIECE);
    new SteppedBody(new FullBody(content), -1, time.loop(), () -> step).subscribe(taker);
    taker.request(10);
    taker.cancel();
    time.run();

    assertThat(content.refCnt()).isZero();
    assertThat(taker.pieces()).hasSize(1);
    assertThat(step.closed).isEqualTo(1);
  }

  @Test
  void whateverTheOrderEverythingComesOnceAndInOrder() {
    Property.forAll(
        2_000,
        random -> {
          VirtualTime clock = new VirtualTime();
          StreamedBody fed = new StreamedBody(-1, new Feeding());
          Recording way = new Recording();
          way.last = Property.chance(random, 50) ? "end" : null;
          Bytes out = new Bytes();
          new SteppedBody(fed, -1, clock.loop(), () -> way).subscribe(out);
          List<String> expected = new ArrayList<>();
          int left = random.nextInt(8);
          boolean ended = false;
          while (!out.completed()) {
            if (!ended && Property.chance(random, 50)) {
              ended = left == 0;
              if (ended) {
                fed.complete(EmptyHttpHeaders.INSTANCE);
              } else {
                String text = Property.oneOf(random, List.of("a", "b", "x"));
                fed.offer(Bytes.of(text));
                left--;
                if (!text.equals("x")) {
                  expected.add("[" + text + "]");
                }
              }
            } else {
              out.request(1 + random.nextInt(2));
            }
          }
          if (way.last != null) {
            expected.add("end");
          }
          assertThat(out.pieces()).isEqualTo(expected);
          assertThat(out.ends()).isEqualTo(1);
          assertThat(way.closed).isEqualTo(1);
          assertThat(way.given).allMatch(buffer -> buffer.refCnt() == 0);
        });
  }
}
