package dev.headgate.policy.cache;

import static dev.headgate.policy.cache.SharedKeys.bytes;

import dev.headgate.redis.Redis;
import dev.headgate.redis.RedisScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes tell each other of what is to be given no more. Who has missed something, or cannot
 * know, drops all that it has.
 */
final class PurgeNews {
  /** How often a node asks for news. */
  static final Duration POLL = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.cache");
  private static final byte[][] KEYS = SharedKeys.news();
  private static final String EVERYTHING = Told.held(Purge.everything());
  private static final String END = "--";
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final long LONGEST = Duration.ofDays(30).toMillis();
  private static final long NOTHING = -1;

  private final Redis redis;
  private final Purging purging;
  private final Executor workers;
  private final String node;
  private final Untold untold = new Untold();
  private final Pending pending = new Pending();
  private volatile Map<String, Long> purged = Map.of();
  private volatile long last = NOTHING;

  /**
   * @param workers for what takes its time
   * @param node tells this process from others; ASCII without spaces
   */
  PurgeNews(Redis redis, Purging purging, Executor workers, String node) {
    this.redis = redis;
    this.purging = purging;
    this.workers = workers;
    this.node = node;
  }

  /** Asks as soon as there is a connection: before that nothing of the others' is used. */
  void start() {
    ask();
  }

  /** Whether it is known what others have kept that is of no use any more. */
  boolean isKnown() {
    return last != NOTHING;
  }

  /**
   * Whether an answer that another node has kept is of no use.
   *
   * @param askedAt when the service was asked for it, by Redis's clock
   */
  boolean isPurged(CacheKey key, Set<String> tags, long askedAt) {
    String route = key.space().route();
    return pending.has(SharedKeys.place(key))
        || isPurged(Purge.everything(), askedAt)
        || isPurged(Purge.route(route, false), askedAt)
        || isPurged(Purge.route(route, true), askedAt)
        || tags.stream()
            .anyMatch(
                tag ->
                    isPurged(Purge.tag(tag, false), askedAt)
                        || isPurged(Purge.tag(tag, true), askedAt));
  }

  private boolean isPurged(Purge what, long askedAt) {
    String held = Told.held(what);
    Long at = purged.get(held);
    return pending.has(held) || (at != null && at >= askedAt);
  }

  // ---- telling

  /** Tells the others; as soon as Redis can be asked. */
  void tell(Purge asked) {
    Purge what = pending.isFull() ? Purge.everything() : asked;
    String path = what.path();
    if (path == null) {
      String held = Told.held(what);
      long ticket = pending.begin(held);
      send(what).thenAccept(number -> pending.told(held, ticket, number));
    } else {
      String place = SharedKeys.place(what.text(), path);
      long ticket = pending.begin(place);
      noteChanged(what, place).thenAccept(noted -> pending.over(place, ticket));
      send(what);
    }
  }

  private CompletableFuture<byte[]> noteChanged(Purge what, String place) {
    byte[][] args = {bytes(what.soft() ? "1" : "0"), bytes(Long.toString(LONGEST))};
    return orLater(
        what, call(SharedScripts.CHANGED, new byte[][] {SharedKeys.changed(place)}, args));
  }

  /** Gives the number of what was told. */
  private CompletableFuture<Long> send(Purge what) {
    byte[] told = bytes(node + " " + Told.text(what));
    byte[] held = bytes(what.kind() == Purge.Kind.URL ? "" : Told.held(what));
    return orLater(what, call(SharedScripts.TELL, KEYS, new byte[][] {told, held}))
        .thenApply(number -> Long.parseLong(new String(number, StandardCharsets.US_ASCII)));
  }

  private CompletableFuture<byte[]> orLater(Purge what, CompletableFuture<byte[]> call) {
    return call.whenComplete(
        (done, error) -> {
          if (error != null) {
            untold.add(what);
          }
        });
  }

  private CompletableFuture<byte[]> call(RedisScript script, byte[][] keys, byte[][] args) {
    return redis.callPatiently(script, keys, args, LIMIT);
  }

  // ---- hearing

  private void ask() {
    byte[][] args = {bytes(Long.toString(last))};
    redis
        .call(SharedScripts.NEWS, KEYS, args, LIMIT, false)
        .whenCompleteAsync(
            (news, error) -> {
              try {
                if (error == null) {
                  hear(new String(news, StandardCharsets.ISO_8859_1).split("\n", -1));
                  untold.takeAll().forEach(this::tell);
                }
              } catch (RuntimeException garbage) {
                LOG.warn("what Redis says of purged answers cannot be read", garbage);
              } finally {
                redis.later(POLL, this::ask);
              }
            },
            workers);
  }

  private void hear(String[] news) {
    List<String> lines = List.of(news);
    int end = lines.indexOf(END);
    String[] first = news[0].split(" ", -1);
    long number = Long.parseLong(first[0]);
    // First of all: what is dropped here must not be found there again.
    purged = heldAgainst(lines.subList(end + 1, news.length));
    if (last == NOTHING) {
      // Of what was purged before nothing was heard.
      purging.everything();
    } else if (first[1].equals("1")) {
      LOG.warn("more was purged elsewhere than is known of here: all stored answers are dropped");
      purging.everything();
    }
    lines.subList(1, end).forEach(this::told);
    last = number;
    pending.heard(number, EVERYTHING);
  }

  private void told(String line) {
    int space = line.indexOf(' ');
    if (space > 0 && line.substring(0, space).equals(node)) {
      return;
    }
    Purge what;
    try {
      what = Told.parse(line.substring(space + 1));
    } catch (IllegalArgumentException newerThanThis) {
      LOG.warn(
          "a node has purged what is not known here: all stored answers are dropped: {}", line);
      what = Purge.everything();
    }
    purging.here(what);
  }

  private Map<String, Long> heldAgainst(List<String> lines) {
    if (lines.isEmpty()) {
      return purged;
    }
    Map<String, Long> held = new HashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      held.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
    }
    return held;
  }
}
