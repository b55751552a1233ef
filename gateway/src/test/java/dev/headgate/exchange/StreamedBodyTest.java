package dev.headgate.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.testing.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamedBodyTest {
  private final Connection connection = new Connection();
  private final StreamedBody body = new StreamedBody(-1, connection);
  private final Bytes reader = new Bytes();

  private static final class Connection implements StreamedBody.Source {
    int reads;
    int cancels;

    @Override
    public void readMore() {
      reads++;
    }

    @Override
    public void bodyCancelled() {
      cancels++;
    }
  }

  @Test
  void nothingIsReadBeforeItIsAskedFor() {
    body.subscribe(reader);
    assertThat(connection.reads).isZero();

    reader.request(1);
    assertThat(connection.reads).isEqualTo(1);
    assertThat(body.waiting()).isTrue();
  }

  @Test
  void whatCameBeforeTheReaderIsGivenOnDemand() {
    body.offer(Bytes.of("a"));
    body.offer(Bytes.of("b"));
    body.subscribe(reader);
    assertThat(reader.pieces()).isEmpty();

    reader.request(1);
    assertThat(reader.pieces()).containsExactly("a");
    assertThat(connection.reads).isZero();

    reader.request(1);
    assertThat(reader.pieces()).containsExactly("a", "b");
    assertThat(connection.reads).isZero();
  }

  @Test
  void endsOnlyAfterTheLastPiece() {
    body.subscribe(reader);
    body.offer(Bytes.of("a"));
    HttpHeaders trailers = new DefaultHttpHeaders().set("x-sum", "1");
    body.complete(trailers);
    assertThat(reader.ends()).isZero();

    reader.request(1);

    assertThat(reader.completed()).isTrue();
    assertThat(body.trailers()).isEqualTo(trailers);
    assertThat(body.waiting()).isFalse();
  }

  @Test
  void failsOnlyAfterTheLastPiece() {
    body.subscribe(reader);
    body.offer(Bytes.of("a"));
    body.fail(new IllegalStateException("cut"));

    reader.request(1);

    assertThat(reader.pieces()).containsExactly("a");
    assertThat(reader.error()).hasMessage("cut");
    assertThat(connection.cancels).isZero();
  }

  @Test
  void anEmptyBodyEndsWithoutDemand() {
    body.complete(EmptyHttpHeaders.INSTANCE);
    body.subscribe(reader);

    assertThat(reader.completed()).isTrue();
  }

  @Test
  void cancellingReleasesWhatIsHeldAndTellsTheConnectionOnce() {
    ByteBuf held = Bytes.of("a");
    body.offer(held);
    body.subscribe(reader);

    reader.cancel();
    reader.cancel();

    assertThat(held.refCnt()).isZero();
    assertThat(connection.cancels).isEqualTo(1);
  }

  @Test
  void whatComesAfterCancellingIsReleased() {
    body.subscribe(reader);
    reader.cancel();
    ByteBuf late = Bytes.of("late");

    body.offer(late);
    body.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(late.refCnt()).isZero();
    assertThat(reader.ends()).isZero();
  }

  @Test
  void discardingIsForThoseWhoDoNotRead() {
    ByteBuf held = Bytes.of("a");
    body.offer(held);
    body.discard();
    body.discard();
    assertThat(held.refCnt()).isZero();
    assertThat(connection.cancels).isEqualTo(1);
    assertThatThrownBy(() -> body.subscribe(reader)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void discardingUnderAReaderDoesNothing() {
    body.subscribe(reader);
    body.discard();
    body.offer(Bytes.of("a"));

    reader.request(1);

    assertThat(reader.pieces()).containsExactly("a");
  }

  @Test
  void isReadOnce() {
    body.subscribe(reader);

    assertThatThrownBy(() -> body.subscribe(new Bytes())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void demandWithoutLimitDoesNotOverflow() {
    body.subscribe(reader);
    reader.request(Long.MAX_VALUE).request(Long.MAX_VALUE);
    body.offer(Bytes.of("a"));
    body.offer(Bytes.of("b"));

    assertThat(reader.pieces()).containsExactly("a", "b");
  }

  /** Whatever the order of events: each buffer is delivered or released, once, and one end. */
  @Test
  void everyBufferHasOneEndInAnyOrderOfEvents() {
    for (int seed = 0; seed < 3_000; seed++) {
      new Interleaving(seed).run();
    }
  }

  private static final class Interleaving {
    private final int seed;
    private final Random chance;
    private final Connection connection = new Connection();
    private final StreamedBody body = new StreamedBody(-1, connection);
    private final List<ByteBuf> offered = new ArrayList<>();
    private final Reader reader = new Reader();
    private boolean subscribed;
    private boolean fed;
    private boolean failed;
    private boolean gone;

    Interleaving(int seed) {
      this.seed = seed;
      this.chance = new Random(seed);
    }

    void run() {
      int steps = 1 + chance.nextInt(20);
      for (int i = 0; i < steps; i++) {
        step();
      }
      finish();
      assertThat(offered).as("seed %d", seed).allMatch(buffer -> buffer.refCnt() == 0);
      assertThat(reader.ends()).as("seed %d", seed).isLessThanOrEqualTo(1);
      assertThat(connection.cancels).as("seed %d", seed).isLessThanOrEqualTo(1);
      if (!gone) {
        assertThat(reader.pieces()).as("seed %d", seed).hasSize(offered.size());
        assertThat(reader.ends()).as("seed %d", seed).isEqualTo(1);
        assertThat(reader.error() != null).as("seed %d", seed).isEqualTo(failed);
      }
    }

    private void step() {
      switch (chance.nextInt(8)) {
        case 0, 1, 2 -> offer();
        case 3, 4 -> {
          subscribe();
          if (!reader.left) {
            reader.request(1 + chance.nextInt(3));
          }
        }
        case 5 -> subscribe();
        case 6 -> end();
        default -> leave();
      }
    }

    private void offer() {
      if (!fed) {
        ByteBuf buffer = Bytes.of(String.valueOf(offered.size()));
        offered.add(buffer);
        body.offer(buffer);
      }
    }

    private void subscribe() {
      if (!subscribed && !gone) {
        subscribed = true;
        body.subscribe(reader);
      } else if (!subscribed) {
        reader.left = true;
      }
    }

    private void end() {
      if (!fed) {
        fed = true;
        failed = chance.nextBoolean();
        if (failed) {
          body.fail(new IllegalStateException("cut"));
        } else {
          body.complete(EmptyHttpHeaders.INSTANCE);
        }
      }
    }

    private void leave() {
      if (chance.nextInt(3) == 0) {
        gone = true;
        if (!subscribed) {
          body.discard();
        } else if (chance.nextBoolean()) {
          reader.leaveAtNext = true;
        } else {
          reader.left = true;
          reader.cancel();
        }
      }
    }

    private void finish() {
      end();
      if (subscribed && !reader.left) {
        reader.request(Long.MAX_VALUE);
      } else if (!subscribed && !gone) {
        subscribe();
        reader.request(Long.MAX_VALUE);
      }
      if (gone && subscribed) {
        reader.cancel();
      }
    }

    private final class Reader implements org.reactivestreams.Subscriber<ByteBuf> {
      private final Bytes bytes = new Bytes();
      private boolean left;
      private boolean leaveAtNext;

      void request(long n) {
        bytes.request(n);
      }

      void cancel() {
        bytes.cancel();
      }

      @org.jspecify.annotations.Nullable
      Throwable error() {
        return bytes.error();
      }

      int ends() {
        return bytes.ends();
      }

      List<String> pieces() {
        return bytes.pieces();
      }

      @Override
      public void onSubscribe(org.reactivestreams.Subscription subscription) {
        bytes.onSubscribe(subscription);
      }

      @Override
      public void onNext(ByteBuf buffer) {
        bytes.onNext(buffer);
        if (leaveAtNext) {
          left = true;
          bytes.cancel();
        } else if (chance.nextInt(3) == 0) {
          bytes.request(1);
        }
      }

      @Override
      public void onError(Throwable cause) {
        bytes.onError(cause);
      }

      @Override
      public void onComplete() {
        bytes.onComplete();
      }
    }
  }

  @Test
  void anAbortIsToldAtOnceAndReleasesWhatIsHeld() {
    ByteBuf held = Bytes.of("held");
    body.subscribe(reader);
    body.offer(held);
    IllegalStateException cause = new IllegalStateException("over");

    body.abort(cause);
    body.abort(new IllegalStateException("again"));
    body.complete(EmptyHttpHeaders.INSTANCE);

    assertThat(held.refCnt()).isZero();
    assertThat(reader.pieces()).isEmpty();
    assertThat(reader.error()).isSameAs(cause);
    assertThat(reader.ends()).isEqualTo(1);
    assertThat(connection.cancels).isZero();
  }

  @Test
  void anAbortAfterTheEndChangesNothing() {
    body.subscribe(reader);
    body.complete(EmptyHttpHeaders.INSTANCE);

    body.abort(new IllegalStateException("late"));

    assertThat(reader.completed()).isTrue();
  }
}
