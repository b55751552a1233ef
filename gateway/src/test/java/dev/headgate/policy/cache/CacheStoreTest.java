package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.Samples.fields;
import static dev.headgate.policy.cache.Samples.fresh;
import static dev.headgate.policy.cache.Samples.head;
import static dev.headgate.policy.cache.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CacheStoreTest {
  private static final int KIB = 1024;
  private static final HttpHeaders PLAIN = fields();

  private final Room room = new Room(256 * KIB);
  private final CacheStore store = new CacheStore(room);

  private @Nullable Stored answer(int bytes, Vary vary, String... fields) {
    ByteBuf content = room.take(bytes);
    if (content == null) {
      return null;
    }
    content.writeZero(bytes);
    return Stored.of(head(200, fresh(60), vary, fields), content, EmptyHttpHeaders.INSTANCE);
  }

  private Stored put(String path, int bytes) {
    return put(path, PLAIN, bytes, List.of());
  }

  private Stored put(String path, HttpHeaders request, int bytes, List<String> vary) {
    Stored answer = Objects.requireNonNull(answer(bytes, Vary.of(vary, request)));
    store.put(key(path), request, answer);
    return answer;
  }

  private void dropAll() {
    store.purge((key, one) -> true, null);
    store.settle();
    assertThat(store.entries()).isZero();
  }

  private List<CacheKey> at(String path) {
    return store.at(key(path).place(), null);
  }

  @Test
  void whatIsPutIsFoundUnderItsKeyAlone() {
    Stored answer = put("/a", 10);

    assertThat(store.find(key("/a"), PLAIN)).isSameAs(answer);
    assertThat(store.find(key("/b"), PLAIN)).isNull();
    assertThat(at("/a")).containsExactly(key("/a"));
    dropAll();
    assertThat(room.used()).isZero();
  }

  // RFC 9111 section 4.1.
  @Test
  void eachVariantIsForWhoSelectsIt() {
    HttpHeaders english = fields("accept-language: en");
    HttpHeaders german = fields("accept-language: de");
    Stored first = put("/a", english, 10, List.of("accept-language"));
    Stored second = put("/a", german, 10, List.of("accept-language"));

    assertThat(store.find(key("/a"), english)).isSameAs(first);
    assertThat(store.find(key("/a"), german)).isSameAs(second);
    assertThat(store.find(key("/a"), PLAIN)).isNull();
    assertThat(store.varyNames(key("/a"))).containsExactly("accept-language");

    Stored third = put("/a", english, 10, List.of("accept-language"));
    assertThat(store.find(key("/a"), english)).isSameAs(third);
    assertThat(store.find(key("/a"), german)).isSameAs(second);
    assertThat(first.content().refCnt()).isZero();
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void aServiceThatVariesByTooMuchKeepsTheLast() {
    for (int i = 0; i < 200; i++) {
      put("/a", fields("x-a: " + i), 10, List.of("x-a"));
    }

    assertThat(store.find(key("/a"), fields("x-a: 199"))).isNotNull();
    assertThat(store.find(key("/a"), fields("x-a: 136"))).isNotNull();
    assertThat(store.find(key("/a"), fields("x-a: 135"))).isNull();
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void anUpdateChangesTheHeadAndNotTheContent() {
    Stored answer = put("/a", 10);
    answer.hold();
    Stored newer = answer.with(head(200, fresh(99), "x-a: " + "v".repeat(300)));
    long before = room.used();

    store.update(key("/a"), PLAIN, newer);

    assertThat(store.find(key("/a"), PLAIN)).isSameAs(newer);
    assertThat(room.used()).isGreaterThan(before + 300);
    answer.letGo();
    assertThat(newer.content().refCnt()).isEqualTo(1);
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void whatWasEvictedMeanwhileIsPutAgainAndWhatWasReplacedIsNot() {
    Stored gone = put("/a", 10);
    gone.hold();
    dropAll();
    store.update(key("/a"), PLAIN, gone);
    assertThat(store.find(key("/a"), PLAIN)).isSameAs(gone);

    Stored next = put("/a", 10);
    store.update(key("/a"), PLAIN, gone);
    assertThat(store.find(key("/a"), PLAIN)).isSameAs(next);
    gone.letGo();
    assertThat(gone.content().refCnt()).isZero();
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void ofTwoEmptyOnesTheOtherStays() {
    HttpHeaders english = fields("accept-language: en");
    HttpHeaders german = fields("accept-language: de");
    List<String> names = List.of("accept-language");
    for (HttpHeaders request : List.of(english, german)) {
      Head head = head(204, fresh(60), Vary.of(names, request));
      store.put(key("/a"), request, Stored.of(head, Unpooled.EMPTY_BUFFER, PLAIN));
    }
    Stored first = Objects.requireNonNull(store.find(key("/a"), english));
    Stored second = Objects.requireNonNull(store.find(key("/a"), german));

    Stored newer = first.with(head(204, fresh(99), Vary.of(names, english)));
    store.update(key("/a"), english, newer);

    assertThat(store.find(key("/a"), english)).isSameAs(newer);
    assertThat(store.find(key("/a"), german)).isSameAs(second);
    store.purge(key("/a"), (key, one) -> one.isSame(newer), null);
    assertThat(store.find(key("/a"), german)).isSameAs(second);
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void aRenewalIsForWhatIsThereOnly() {
    Stored answer = put("/a", 10);
    answer.hold();
    Stored newer = answer.with(head(200, fresh(99)));
    store.renew(key("/a"), newer);
    assertThat(store.find(key("/a"), PLAIN)).isSameAs(newer);
    dropAll();

    store.renew(key("/a"), newer);

    assertThat(store.find(key("/a"), PLAIN)).isNull();
    answer.letGo();
    assertThat(room.used()).isZero();
  }

  @Test
  void aPurgeDropsOrMarksWhatIsMeant() {
    put("/a", 10);
    put("/b", 10);

    assertThat(store.purge((key, one) -> key.path().equals("/a"), null)).isEqualTo(1);
    assertThat(store.find(key("/a"), PLAIN)).isNull();
    assertThat(at("/a")).isEmpty();

    assertThat(store.purge(key("/b"), (key, one) -> true, Samples.NOW)).isEqualTo(1);
    Stored marked = Objects.requireNonNull(store.find(key("/b"), PLAIN));
    assertThat(marked.useAt(Samples.NOW).ttl()).isZero();
    assertThat(at("/b")).containsExactly(key("/b"));
    assertThat(store.purge(key("/c"), (key, one) -> true, null)).isZero();
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void whoHoldsAnAnswerReadsItWhateverBecomesOfIt() {
    Stored answer = put("/a", 10);
    assertThat(answer.hold()).isTrue();
    dropAll();

    assertThat(answer.content().readableBytes()).isEqualTo(10);
    assertThat(room.used()).as("still being sent").isEqualTo(10);
    answer.letGo();
    assertThat(room.used()).isZero();
  }

  @Test
  void whatIsEvictedIsLetGoAndOutOfTheIndex() {
    for (int i = 0; i < 100; i++) {
      put("/" + i, 8 * KIB);
      store.settle();
    }

    assertThat(store.evictions()).isGreaterThan(60);
    int there = 0;
    for (int i = 0; i < 100; i++) {
      boolean found = store.find(key("/" + i), PLAIN) != null;
      assertThat(at("/" + i)).hasSize(found ? 1 : 0);
      there += found ? 1 : 0;
    }
    assertThat(there).isEqualTo((int) store.entries()).isBetween(20, 28);
    dropAll();
    assertThat(room.used()).isZero();
  }

  /** What describes them counts as well, however many come at once. */
  @Test
  void manySmallOnesDoNotTakeMoreThanThereIs() {
    for (int i = 0; i < 5_000; i++) {
      Stored answer = answer(1, Vary.NOTHING, "x-a: " + "v".repeat(i % 1000));
      if (answer != null) {
        store.put(key("/" + i), PLAIN, answer);
      }
      assertThat(room.used()).isLessThanOrEqualTo(room.most());
    }
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void neverMoreThanThereIsAndNothingIsLeft() {
    Property.forAll(
        8,
        random -> {
          List<Stored> held = new ArrayList<>();
          for (int i = 0; i < 2_000; i++) {
            step(random, held);
            assertThat(room.used()).isLessThanOrEqualTo(room.most());
          }
          held.forEach(Stored::letGo);
          dropAll();
          assertThat(room.used()).isZero();
          for (int i = 0; i < 50; i++) {
            assertThat(at("/" + i)).isEmpty();
          }
        });
  }

  /** Holds some for longer than they are kept. */
  private void step(Random random, List<Stored> held) {
    String path = "/" + random.nextInt(50);
    HttpHeaders request = fields("x-a: " + random.nextInt(3));
    List<String> vary = Property.chance(random, 40) ? List.of("x-a") : List.of();
    int what = random.nextInt(10);
    if (what < 6) {
      Stored answer =
          answer(
              random.nextInt(Property.chance(random, 10) ? 100 * KIB : 4 * KIB),
              Vary.of(vary, request),
              "x-a: " + "v".repeat(random.nextInt(200)));
      if (answer != null) {
        store.put(key(path), request, answer);
      }
    } else if (what < 8) {
      Stored found = store.find(key(path), request);
      if (found != null && found.hold()) {
        if (Property.chance(random, 30)) {
          store.update(key(path), request, found.with(head(200, fresh(9), "x-b: b")));
        }
        held.add(found);
      }
    } else if (what < 9) {
      store.purge(key(path), (key, one) -> true, random.nextBoolean() ? null : Samples.NOW);
    } else if (!held.isEmpty()) {
      held.remove(random.nextInt(held.size())).letGo();
    }
  }

  @Test
  void fromManyThreadsNothingIsLostOrLeft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long seed = i;
      runs.add(
          threads.submit(
              () -> {
                Random random = new Random(seed);
                List<Stored> held = new ArrayList<>();
                for (int j = 0; j < 4_000; j++) {
                  step(random, held);
                }
                held.forEach(Stored::letGo);
              }));
    }
    for (Future<?> run : runs) {
      run.get();
    }
    threads.shutdown();
    store.settle();
    for (int i = 0; i < 50; i++) {
      assertThat(at("/" + i)).hasSize(store.varyNames(key("/" + i)) == null ? 0 : 1);
    }
    dropAll();
    assertThat(room.used()).isZero();
  }

  @Test
  void theRoomGivesNoMoreThanItHas() {
    ByteBuf half = Objects.requireNonNull(room.take(128 * KIB));
    assertThat(room.take(128 * KIB + 1)).isNull();
    ByteBuf other = Objects.requireNonNull(room.take(128 * KIB));
    assertThat(room.take(1)).isNull();
    assertThat(half.isWritable(128 * KIB)).isTrue();
    assertThat(half.maxCapacity()).isEqualTo(128 * KIB);

    half.release();
    room.describe(64 * KIB);
    assertThat(room.take(64 * KIB + 1)).isNull();
    room.describe(-64 * KIB);
    other.release();
    assertThat(room.used()).isZero();
  }
}
