package dev.headgate.policy.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.testing.Bytes;
import dev.headgate.testing.Property;
import dev.headgate.testing.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class GrowingTest {
  private static final int WINDOW = 256 * 1024;

  private final Room room = new Room(4 << 20);
  private final VirtualTime one = new VirtualTime();
  private final VirtualTime other = new VirtualTime();
  private final List<ByteBuf> sent = new ArrayList<>();
  private int moved;

  @AfterEach
  void nothingIsHeld() {
    assertThat(room.used()).isZero();
    assertThat(sent).allMatch(buffer -> buffer.refCnt() == 0);
  }

  private Growing growing(int most, long length) {
    Growing growing = new Growing(room, most, length, () -> moved++);
    assertThat(growing.begin()).isTrue();
    return growing;
  }

  private void append(Growing growing, String text) {
    ByteBuf buffer = Bytes.of(text);
    sent.add(buffer);
    growing.append(buffer, () -> {});
  }

  private static Bytes reader(Growing growing, VirtualTime time) {
    Bytes reader = new Bytes();
    body(growing, time).subscribe(reader);
    return reader;
  }

  private static Body body(Growing growing, VirtualTime time) {
    return Objects.requireNonNull(growing.open(time.loop()));
  }

  private void run() {
    one.run();
    other.run();
  }

  private static String whole(Growing growing) {
    ByteBuf whole = Objects.requireNonNull(growing.whole());
    String text = whole.toString(ISO_8859_1);
    whole.release();
    return text;
  }

  @Test
  void readersGetTheSameEachAtItsPaceAndOnItsLoop() {
    Growing growing = growing(100, -1);
    Bytes first = reader(growing, one).request(100);
    Bytes second = reader(growing, other);
    append(growing, "ab");
    append(growing, "cd");
    assertThat(first.pieces()).as("not on the thread that fills").isEmpty();
    run();
    assertThat(first.pieces()).containsExactly("ab", "cd");
    second.request(1);
    assertThat(second.pieces()).containsExactly("ab");

    Bytes late = reader(growing, other).request(100);
    assertThat(late.pieces()).containsExactly("abcd");
    append(growing, "ef");
    assertThat(whole(growing)).isEqualTo("abcdef");
    growing.end(Samples.fields("digest: 1"));
    run();

    assertThat(first.completed()).isTrue();
    assertThat(late.pieces()).containsExactly("abcd", "ef");
    assertThat(second.ends()).as("what it has not asked for").isZero();
    second.request(2);
    assertThat(second.pieces()).containsExactly("ab", "cd", "ef");
    assertThat(second.completed()).isTrue();
  }

  @Test
  void trailersAndLengthGoAlong() {
    Growing growing = growing(100, 2);
    Body body = body(growing, one);
    assertThat(body.length()).isEqualTo(2);
    Bytes reader = new Bytes();
    body.subscribe(reader);
    reader.request(9);
    append(growing, "ab");
    growing.end(Samples.fields("digest: 1"));
    run();

    assertThat(reader.completed()).isTrue();
    assertThat(body.trailers().get("digest")).isEqualTo("1");
    assertThat(body.available()).isFalse();
  }

  @Test
  void anEmptyOneEnds() {
    for (long length : new long[] {0, -1}) {
      Growing growing = growing(100, length);
      Bytes reader = reader(growing, one);
      assertThat(whole(growing)).isEmpty();
      growing.end(EmptyHttpHeaders.INSTANCE);
      run();
      assertThat(reader.completed()).isTrue();
    }
  }

  @Test
  void whatIsKeptTakesItsOwnSize() {
    Growing growing = growing(1 << 20, -1);
    for (int i = 0; i < 100; i++) {
      append(growing, "x".repeat(999));
    }
    ByteBuf whole = Objects.requireNonNull(growing.whole());
    growing.end(EmptyHttpHeaders.INSTANCE);

    assertThat(whole.readableBytes()).isEqualTo(99_900);
    assertThat(room.used()).isBetween(99_900L, 99_900L * 9 / 8);
    whole.release();
  }

  @Test
  void whatIsTooLargeIsStillReadAndNotKept() {
    Growing growing = growing(10, -1);
    Bytes reader = reader(growing, one).request(100);
    append(growing, "12345678");
    append(growing, "9abc");

    assertThat(growing.whole()).isNull();
    assertThat(growing.lackedRoom()).isFalse();
    assertThat(growing.open(other.loop())).as("from its beginning").isNull();
    append(growing, "def");
    growing.end(EmptyHttpHeaders.INSTANCE);
    run();
    assertThat(String.join("", reader.pieces())).isEqualTo("123456789abcdef");
    assertThat(reader.completed()).isTrue();
  }

  @Test
  void theLimitItselfIsNotTooLarge() {
    Growing growing = growing(10, -1);
    append(growing, "1234567");
    append(growing, "890");

    assertThat(whole(growing)).isEqualTo("1234567890");
    growing.end(EmptyHttpHeaders.INSTANCE);
  }

  @Test
  void withoutRoomItIsNotKept() {
    ByteBuf rest = Objects.requireNonNull(room.take((4 << 20) - 10_000));
    Growing growing = growing(1 << 20, -1);
    Bytes reader = reader(growing, one).request(100);
    append(growing, "x".repeat(4_000));
    append(growing, "y".repeat(8_000));

    assertThat(growing.lackedRoom()).isTrue();
    assertThat(growing.whole()).isNull();
    growing.end(EmptyHttpHeaders.INSTANCE);
    run();
    assertThat(String.join("", reader.pieces())).hasSize(12_000);
    assertThat(new Growing(room, 1 << 20, 20_000, () -> {}).begin()).isFalse();
    rest.release();
  }

  @Test
  void beyondItsLimitItWaitsForTheSlowest() {
    Growing growing = growing(1 << 20, -1);
    Bytes quick = reader(growing, one).request(Long.MAX_VALUE);
    Bytes slow = reader(growing, other);
    String piece = "x".repeat(64 * 1024);
    for (int i = 0; i <= 16; i++) {
      assertThat(growing.wantsMore()).isTrue();
      append(growing, piece);
    }
    run();
    assertThat(growing.whole()).isNull();
    assertThat(growing.wantsMore()).isFalse();
    assertThat(quick.pieces()).hasSize(17);
    int before = moved;

    slow.request(13);
    assertThat(growing.wantsMore()).as("four pieces, a window, are left").isFalse();
    slow.request(1);
    assertThat(growing.wantsMore()).isTrue();
    assertThat(moved).isEqualTo(before + 14);
    append(growing, piece);
    append(growing, piece);
    assertThat(growing.wantsMore()).isFalse();
    assertThat(4 * piece.length()).isEqualTo(WINDOW);

    slow.cancel();
    assertThat(growing.wantsMore()).isTrue();
    assertThat(growing.isUnwanted()).isFalse();
    quick.cancel();
    assertThat(growing.isUnwanted()).isTrue();
    growing.fail(new IllegalStateException());
  }

  @Test
  void oneThatLeavesHarmsNoOther() {
    Growing growing = growing(100, -1);
    Bytes leaving = reader(growing, one);
    Bytes staying = reader(growing, other).request(100);
    Body unread = body(growing, one);
    append(growing, "ab");
    leaving.cancel();
    unread.discard();
    append(growing, "cd");
    assertThat(growing.isUnwanted()).as("it is kept").isFalse();
    assertThat(growing.wantsMore()).isTrue();
    assertThat(whole(growing)).isEqualTo("abcd");
    growing.end(EmptyHttpHeaders.INSTANCE);
    run();

    assertThat(String.join("", staying.pieces())).isEqualTo("abcd");
    assertThat(staying.completed()).isTrue();
    assertThat(leaving.ends()).isZero();
    assertThat(leaving.pieces()).isEmpty();
  }

  /** It left on its own event loop while another thread was about to offer. */
  @Test
  void whatIsOfferedToOneThatHasLeftIsLetGo() {
    Growing growing = growing(100, -1);
    Tap tap = new Tap(growing, one.loop(), -1);
    tap.cancel();
    ByteBuf buffer = Bytes.of("ab");

    tap.offer(buffer);
    run();
    growing.end(EmptyHttpHeaders.INSTANCE);

    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void aFailureReachesAllAfterWhatTheyHave() {
    Growing growing = growing(100, -1);
    Bytes first = reader(growing, one).request(100);
    Bytes second = reader(growing, other);
    append(growing, "ab");
    growing.fail(new IllegalStateException("broken"));
    run();

    assertThat(first.pieces()).containsExactly("ab");
    assertThat(first.error()).hasMessage("broken");
    second.request(1);
    assertThat(second.pieces()).containsExactly("ab");
    assertThat(second.error()).hasMessage("broken");
    assertThat(growing.open(one.loop())).isNull();
    assertThat(growing.whole()).isNull();
  }

  @Test
  void anyReadersAndAnyPieces() {
    Property.forAll(500, random -> new Run(random).play());
  }

  /** Any pieces, limits, demands, comings and goings; on two loops that run when they like. */
  private final class Run {
    private final Random random;
    private final Growing growing;
    private final StringBuilder all = new StringBuilder();
    private final List<Bytes> readers = new ArrayList<>();
    private final List<Bytes> gone = new ArrayList<>();

    Run(Random random) {
      this.random = random;
      this.growing = growing(1 + random.nextInt(20_000), -1);
    }

    void play() {
      for (int i = 0; i < 60; i++) {
        step();
        for (Bytes reader : readers) {
          assertThat(all.toString()).startsWith(String.join("", reader.pieces()));
        }
      }
      boolean fails = Property.chance(random, 30);
      if (fails) {
        growing.fail(new IllegalStateException("broken"));
      } else {
        ByteBuf whole = growing.whole();
        if (whole != null) {
          assertThat(whole.toString(ISO_8859_1)).isEqualTo(all.toString());
          whole.release();
        }
        growing.end(EmptyHttpHeaders.INSTANCE);
      }
      for (Bytes reader : readers) {
        if (!gone.contains(reader)) {
          reader.request(1_000);
        }
      }
      run();
      for (Bytes reader : readers) {
        boolean left = gone.contains(reader);
        assertThat(reader.ends()).isEqualTo(left ? 0 : 1);
        assertThat(left || (reader.error() != null) == fails).isTrue();
        if (!left) {
          assertThat(String.join("", reader.pieces())).isEqualTo(all.toString());
        }
      }
      assertThat(room.used()).isZero();
    }

    private void step() {
      int what = random.nextInt(10);
      Bytes reader = readers.isEmpty() ? null : Property.oneOf(random, readers);
      if (what < 4) {
        String piece =
            String.valueOf((char) ('a' + random.nextInt(26))).repeat(random.nextInt(2_000));
        all.append(piece);
        append(growing, piece);
      } else if (what < 6) {
        Body body = growing.open(Property.oneOf(random, List.of(one, other)).loop());
        if (body != null && Property.chance(random, 80)) {
          Bytes fresh = new Bytes();
          body.subscribe(fresh);
          readers.add(fresh);
        } else if (body != null) {
          body.discard();
        }
      } else if (what < 8) {
        Property.oneOf(random, List.of(one, other)).run();
      } else if (reader != null && !gone.contains(reader)) {
        if (Property.chance(random, 20)) {
          reader.cancel();
          gone.add(reader);
        } else {
          reader.request(1 + random.nextInt(3));
        }
      }
    }
  }

  @Test
  void onRealLoopsAllGetTheSame() throws Exception {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(3, LocalIoHandler.newFactory());
    for (int round = 0; round < 30; round++) {
      Growing growing = new Growing(room, round % 2 == 0 ? 1 << 20 : 20_000, -1, () -> {});
      assertThat(growing.begin()).isTrue();
      List<CompletableFuture<String>> got = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        got.add(read(growing, loops.next(), i % 3 == 2));
      }
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        String piece = ("" + (char) ('a' + i % 26)).repeat(i);
        all.append(piece);
        growing.append(Samples.bytes(piece), () -> {});
      }
      growing.end(EmptyHttpHeaders.INSTANCE);
      for (CompletableFuture<String> one : got) {
        String text = one.get(20, TimeUnit.SECONDS);
        assertThat(text == null || text.contentEquals(all)).isTrue();
      }
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS);
  }

  /** What a reader gets on its loop; null of one that leaves in the middle. */
  private static CompletableFuture<@Nullable String> read(
      Growing growing, EventLoop loop, boolean leaves) {
    CompletableFuture<@Nullable String> got = new CompletableFuture<>();
    Body body = Objects.requireNonNull(growing.open(loop));
    loop.execute(
        () ->
            body.subscribe(
                new Subscriber<>() {
                  private final StringBuilder text = new StringBuilder();
                  private @Nullable Subscription from;

                  @Override
                  public void onSubscribe(Subscription subscription) {
                    from = subscription;
                    subscription.request(1);
                  }

                  @Override
                  public void onNext(ByteBuf buffer) {
                    text.append(buffer.toString(ISO_8859_1));
                    buffer.release();
                    Subscription more = Objects.requireNonNull(from);
                    if (leaves && text.length() > 5_000) {
                      more.cancel();
                      got.complete(null);
                    } else if (ThreadLocalRandom.current().nextBoolean()) {
                      more.request(1);
                    } else {
                      loop.execute(() -> more.request(1));
                    }
                  }

                  @Override
                  public void onError(Throwable error) {
                    got.completeExceptionally(error);
                  }

                  @Override
                  public void onComplete() {
                    got.complete(text.toString());
                  }
                }));
    return got;
  }
}
