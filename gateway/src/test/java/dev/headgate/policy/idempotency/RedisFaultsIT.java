package dev.headgate.policy.idempotency;

import static dev.headgate.policy.idempotency.Answers.LIMIT;
import static dev.headgate.policy.idempotency.Answers.completed;
import static dev.headgate.policy.idempotency.Answers.fingerprint;
import static dev.headgate.policy.idempotency.Answers.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.policy.idempotency.IdempotencyStore.Claim;
import dev.headgate.policy.idempotency.StoreFailure.Kind;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.FlakyProxy;
import dev.headgate.testing.Logs;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes wrong with Redis, and what is left of it afterwards. */
@Tag("alone") // It measures time.
class RedisFaultsIT {
  private static final Duration QUICK = Duration.ofMillis(400);
  private static final Duration HOUR = Duration.ofHours(1);

  private final LookupKey key = new LookupKey("charge:fault");
  private final Fingerprint print = fingerprint(1);
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  // Each test begins with them.
  @SuppressWarnings("NullAway.Init")
  private RedisProcess server;

  @SuppressWarnings("NullAway.Init")
  private RedisStores stores;

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private void serve(String... settings) throws IOException {
    server = RedisProcess.start(settings);
    open.push(server);
  }

  private void start(String... settings) throws IOException {
    serve(settings);
    use(server.uri());
    connected();
  }

  private void use(String uri) {
    use(uri, 0);
  }

  private void use(String uri, int replicas) {
    stores = new RedisStores(new RedisSettings(uri, QUICK, replicas, () -> null));
    open.push(stores);
  }

  private void connected() {
    eventually(() -> stores.redis.status().up());
  }

  static void eventually(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  private CompletionStage<Optional<Entry>> claiming(Token token) {
    return claiming(key, token);
  }

  private CompletionStage<Optional<Entry>> claiming(LookupKey of, Token token) {
    return stores.store.claim(of, new Claim(token, print, HOUR, HOUR), LIMIT);
  }

  private CompletionStage<Boolean> takingOver(LookupKey of, Token seen) {
    return stores.store.takeOver(of, seen, new Claim(token(), print, HOUR, HOUR), LIMIT);
  }

  /** Redis knows the scripts: what is sent next is what does it. */
  private void warm() {
    LookupKey other = new LookupKey("charge:warm");
    assertThat(Answers.of(claiming(other, token()))).isEmpty();
    assertThat(Answers.of(takingOver(other, token()))).isFalse();
  }

  private Optional<Entry> claim(Token token) {
    return Answers.of(claiming(token));
  }

  private Kind failed(CompletionStage<?> call) {
    StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> Answers.of(call));
    assertThat(failure).isNotNull();
    return failure.kind();
  }

  private Optional<Entry> find() {
    return Answers.of(stores.store.find(key, LIMIT));
  }

  private boolean isFree() {
    return find().isEmpty();
  }

  private boolean settle(Token token) {
    return Answers.of(stores.store.settle(key, token, completed(print, 200, "ok"), HOUR, LIMIT));
  }

  @Test
  void aGatewayThatStartsBeforeRedisUsesItOnceItIsThere() throws IOException {
    int port = RedisProcess.freePort();
    use("redis://127.0.0.1:" + port);
    assertThat(failed(claiming(token()))).isEqualTo(Kind.UNAVAILABLE);
    assertThat(stores.redis.status().up()).isFalse();

    server = RedisProcess.start(port);
    open.push(server);
    connected();

    assertThat(claim(token())).isEmpty();
  }

  @Test
  void aKilledRedisFailsCallsAtOnceAndComesBackWithWhatItHadSaved() throws Exception {
    start("appendonly yes", "appendfsync always");
    Token token = token();
    assertThat(claim(token)).isEmpty();

    server.kill();
    eventually(() -> !stores.redis.status().up());
    long begun = System.nanoTime();
    assertThat(failed(claiming(token()))).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK);

    server.again();
    connected();
    assertThat(find()).containsInstanceOf(Entry.Running.class);
    assertThat(settle(token)).isTrue();
  }

  @Test
  void aClaimThatAPausedRedisMakesLaterIsTakenBack() throws Exception {
    start();
    server.pause();
    assertThat(failed(claiming(token()))).isEqualTo(Kind.TIMEOUT);

    server.resume();

    eventually(() -> stores.store.unfinished() == 0);
    assertThat(isFree()).isTrue();
  }

  @Test
  void aClaimThatAHeldUpRedisMakesLaterIsTakenBack() throws Exception {
    start();
    server.say("CLIENT", "PAUSE", "1000");
    assertThat(failed(claiming(token()))).isEqualTo(Kind.TIMEOUT);

    eventually(() -> stores.store.unfinished() == 0);
    assertThat(isFree()).isTrue();
  }

  @Test
  void aRedisThatNoLongerAnswersIsGivenUpAndUsedAgainWhenItDoes() throws Exception {
    start();
    server.pause();
    assertThat(failed(claiming(token()))).isEqualTo(Kind.TIMEOUT);
    eventually(() -> !stores.redis.status().up());
    long begun = System.nanoTime();
    failed(claiming(token()));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(QUICK.plusMillis(200));

    server.resume();

    connected();
    eventually(() -> stores.store.unfinished() == 0);
    assertThat(isFree()).isTrue();
    assertThat(claim(token())).isEmpty();
  }

  @Test
  void aReplicaIsOfNoUseUntilItIsTheMaster() throws IOException {
    try (RedisProcess master = RedisProcess.start()) {
      serve("replicaof 127.0.0.1 " + master.port());
      use(server.uri());
      eventually(() -> stores.redis.status().lastFailure() != null);
      assertThat(failed(claiming(token()))).isEqualTo(Kind.READ_ONLY);

      server.say("REPLICAOF", "NO", "ONE");
      connected();
      assertThat(claim(token())).isEmpty();

      // And back, under a connection that is there.
      server.say("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
      assertThat(failed(claiming(new LookupKey("charge:2"), token()))).isEqualTo(Kind.READ_ONLY);
    }
  }

  @Test
  void aFullRedisRefusesClaimsAndStillReleasesKeys() throws IOException {
    start();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    server.say("CONFIG", "SET", "maxmemory", "1");

    assertThat(failed(claiming(new LookupKey("charge:2"), token()))).isEqualTo(Kind.FULL);
    assertThat(claim(token())).containsInstanceOf(Entry.Running.class);
    assertThat(Answers.of(stores.store.release(key, token, LIMIT))).isTrue();
    assertThat(isFree()).isTrue();
  }

  @Test
  void anAnswerForWhichThereWasNoRoomIsStoredWhenThereIs() throws IOException {
    start();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    server.say("CONFIG", "SET", "maxmemory", "1");
    assertThat(failed(stores.store.settle(key, token, completed(print, 200, "ok"), HOUR, LIMIT)))
        .isEqualTo(Kind.FULL);

    server.say("CONFIG", "SET", "maxmemory", "0");

    eventually(() -> find().orElseThrow() instanceof Entry.Completed);
  }

  @Test
  void anAnswerIsStoredHoursLaterIfItsLeaseStillHolds() throws IOException {
    start();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    server.say("CONFIG", "SET", "maxmemory", "1");
    // Half an hour goes by between any two looks at it.
    AtomicLong now = new AtomicLong();
    RedisStore slow =
        new RedisStore(
            stores.redis,
            new Seal(false, null, new SecureRandom()),
            StoreScripts.standard(),
            Runnable::run,
            () -> now.addAndGet(HOUR.toNanos() / 2));
    assertThat(failed(slow.settle(key, token, completed(print, 200, "ok"), HOUR, LIMIT)))
        .isEqualTo(Kind.FULL);
    assertThat(slow.unfinished()).isEqualTo(1);
    eventually(() -> now.get() > HOUR.toNanos());

    server.say("CONFIG", "SET", "maxmemory", "0");

    eventually(() -> slow.unfinished() == 0);
    assertThat(find()).containsInstanceOf(Entry.Completed.class);
  }

  @Test
  void whatIsNoEntryIsNeitherUsedNorOverwritten() throws IOException {
    start();
    String name = "headgate:idempotency:{" + key + "}";
    for (String garbage :
        new String[] {"garbage", "1C", "2C" + "x".repeat(200), "1A" + "0".repeat(90)}) {
      server.say("SET", name, garbage);
      assertThat(failed(claiming(token()))).as(garbage).isEqualTo(Kind.GARBAGE);
      assertThat(failed(stores.store.find(key, LIMIT))).as(garbage).isEqualTo(Kind.GARBAGE);
      assertThat(settle(token())).isFalse();
      assertThat(server.say("GET", name)).endsWith(garbage);
    }
    assertThat(Answers.of(stores.store.clear(key, LIMIT))).isTrue();
    assertThat(claim(token())).isEmpty();
  }

  @Test
  void aValueOfAnotherTypeIsNoEntryEither() throws IOException {
    start();
    server.say("LPUSH", "headgate:idempotency:{" + key + "}", "x");
    assertThat(failed(claiming(token()))).isEqualTo(Kind.GARBAGE);
    assertThat(failed(stores.store.settle(key, token(), completed(print, 200, "ok"), HOUR, LIMIT)))
        .isEqualTo(Kind.GARBAGE);
    assertThat(Answers.of(stores.store.clear(key, LIMIT))).isTrue();
    assertThat(claim(token())).isEmpty();
  }

  @Test
  void scriptsThatRedisHasForgottenAreSentAgain() throws IOException {
    start();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    server.say("SCRIPT", "FLUSH");
    assertThat(claim(token())).containsInstanceOf(Entry.Running.class);
    server.say("SCRIPT", "FLUSH");
    assertThat(settle(token)).isTrue();
  }

  @Test
  void aUserThatMayDoNoMoreThanItMustIsEnough() throws IOException {
    serve(
        "user default off",
        "user gate on >secret ~headgate:* +@connection +eval +evalsha +get +getrange +set"
            + " +setrange +del +exists +pexpire +pttl +time");
    use("redis://gate:secret@127.0.0.1:" + server.port());
    connected();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    assertThat(settle(token)).isTrue();
    assertThat(find()).containsInstanceOf(Entry.Completed.class);
  }

  @Test
  void aUserThatMayNotIsRefused() throws IOException {
    serve("user default on nopass ~headgate:* +@all -evalsha -eval");
    use(server.uri());
    connected();
    assertThat(failed(claiming(token()))).isEqualTo(Kind.GARBAGE);
    assertThat(stores.store.unfinished()).isZero();
  }

  @Test
  void aRedisThatMayForgetKeysBeforeTheirTimeIsWarnedOf() throws IOException {
    try (Logs logs = Logs.capture()) {
      start("maxmemory 100mb", "maxmemory-policy volatile-ttl");
      assertThat(logs.warnings())
          .anyMatch(line -> line.contains("maxmemory-policy is volatile-ttl"));
    }
    try (Logs logs = Logs.capture()) {
      start("maxmemory 100mb", "maxmemory-policy noeviction");
      start("maxmemory-policy allkeys-lru");
      assertThat(logs.warnings()).noneMatch(line -> line.contains("maxmemory-policy"));
    }
  }

  @Test
  void whatIsLargeIsPackedByTheWorkersAlone() throws IOException {
    serve();
    ExecutorService workers =
        Executors.newSingleThreadExecutor(work -> new Thread(work, "packing"));
    open.push(workers::shutdown);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    SecureRandom noting =
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            threads.add(Thread.currentThread().getName());
            super.nextBytes(bytes);
          }
        };
    stores =
        new RedisStores(
            new RedisSettings(server.uri(), QUICK, 0, () -> null),
            new Seal(true, SealKeys.parse("k:AAAAAAAAAAAAAAAAAAAAAA=="), noting),
            StoreScripts.standard(),
            workers);
    open.push(stores);
    connected();
    Token token = token();
    assertThat(claim(token)).isEmpty();
    threads.clear();
    Entry.Completed large = completed(print, 200, "large".repeat(20_000));
    assertThat(Answers.of(stores.store.settle(key, token, large, HOUR, LIMIT))).isTrue();
    assertThat(threads).containsExactly("packing");
    assertThat(Answers.text(find().orElseThrow())).isEqualTo(Answers.text(large));
  }

  @Test
  void aWrongPasswordShowsInTheStatus() throws IOException {
    serve("requirepass secret");
    use("redis://:other@127.0.0.1:" + server.port());
    eventually(() -> stores.redis.status().lastFailure() != null);
    assertThat(stores.redis.status().lastFailure()).contains("WRONGPASS").doesNotContain("other");
    assertThat(failed(claiming(token()))).isEqualTo(Kind.GARBAGE);
  }

  @Test
  void aLostConnectionIsMadeAgainBeforeAnybodyNotices() throws IOException {
    serve();
    try (FlakyProxy proxy = new FlakyProxy(server.port())) {
      use("redis://127.0.0.1:" + proxy.port());
      connected();
      // One that has lasted is worth another attempt at once.
      Awaitility.await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
      proxy.cutAll();
      Token token = token();
      assertThat(claim(token)).isEmpty();
      assertThat(settle(token)).isTrue();
    }
  }

  @Test
  void aClaimWhoseAnswerWasLostIsTakenBack() throws IOException {
    serve();
    try (FlakyProxy proxy = new FlakyProxy(server.port())) {
      use("redis://127.0.0.1:" + proxy.port());
      connected();
      warm();
      proxy.cutAfter("EVAL");
      assertThat(failed(claiming(token()))).isIn(Kind.UNAVAILABLE, Kind.TIMEOUT);
      eventually(() -> server.say("EXISTS", "headgate:idempotency:{" + key + "}").equals(":1"));
      assertThat(stores.store.unfinished()).isEqualTo(1);

      proxy.mend();

      eventually(() -> stores.store.unfinished() == 0);
      assertThat(isFree()).isTrue();
    }
  }

  @Test
  void aTakeOverWhoseAnswerWasLostLeavesTheKeyUnknown() throws IOException {
    serve();
    try (FlakyProxy proxy = new FlakyProxy(server.port())) {
      use("redis://127.0.0.1:" + proxy.port());
      connected();
      Token lost = token();
      assertThat(claim(lost)).isEmpty();
      assertThat(
              Answers.of(
                  stores.store.settle(key, lost, new Entry.Unknown(print, lost), HOUR, LIMIT)))
          .isTrue();
      warm();
      proxy.cutAfter("EVAL");
      failed(takingOver(key, lost));
      eventually(
          () ->
              server
                  .say("GETRANGE", "headgate:idempotency:{" + key + "}", "0", "1")
                  .endsWith("1O"));

      proxy.mend();

      eventually(() -> stores.store.unfinished() == 0);
      assertThat(find()).containsInstanceOf(Entry.Unknown.class);
    }
  }

  @Test
  void anAnswerThatCouldNotBeStoredIsStoredInTheBackground() throws IOException {
    serve();
    try (FlakyProxy proxy = new FlakyProxy(server.port())) {
      use("redis://127.0.0.1:" + proxy.port());
      connected();
      Token token = token();
      assertThat(claim(token)).isEmpty();
      proxy.refuse();
      proxy.cutAll();
      failed(stores.store.settle(key, token, completed(print, 200, "ok"), HOUR, LIMIT));

      proxy.mend();

      connected();
      eventually(() -> find().orElseThrow() instanceof Entry.Completed);
      eventually(() -> stores.store.unfinished() == 0);
    }
  }

  @Test
  void aCopyOfAClaimThatArrivesAfterItWasTakenBackIsNotMade() throws IOException {
    start();
    Token token = token();
    byte[][] keys = {
      ("headgate:idempotency:{" + key + "}").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
      "headgate:idempotency:{%s}:void:%016x%016x"
          .formatted(key, token.high(), token.low())
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII)
    };
    byte[][] args = {
      StoredValue.bytes(token), "60000".getBytes(java.nio.charset.StandardCharsets.US_ASCII)
    };
    Answers.of(stores.redis.call(StoreScripts.standard().takeBack(), keys, args, LIMIT, false));

    assertThat(failed(claiming(token))).isEqualTo(Kind.UNAVAILABLE);

    assertThat(isFree()).isTrue();
    assertThat(claim(token())).isEmpty();
  }

  @Test
  void aClaimThatTooFewReplicasHaveIsTakenBack() throws IOException {
    serve();
    use(server.uri(), 1);
    connected();
    assertThat(failed(claiming(token()))).isIn(Kind.NOT_REPLICATED, Kind.TIMEOUT);
    eventually(() -> stores.store.unfinished() == 0);
    assertThat(isFree()).isTrue();

    try (RedisProcess replica = RedisProcess.start("replicaof 127.0.0.1 " + server.port())) {
      eventually(() -> server.say("INFO", "replication").contains("state=online"));
      for (int i = 0; i < 20; i++) {
        LookupKey other = new LookupKey("charge:replicated-" + i);
        assertThat(Answers.of(claiming(other, token()))).isEmpty();
        assertThat(replica.say("EXISTS", "headgate:idempotency:{" + other + "}")).isEqualTo(":1");
      }
    }
  }
}
