package dev.headgate.redis;

import dev.headgate.redis.RedisFailure.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EpollProvider;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis, spoken to over one connection that all calls share (one to each master of a Cluster). It
 * is made in the background and made again when it is lost, at once and then after pauses of up to
 * two seconds; it is given up, and made again, when nothing comes back for two seconds, and when
 * the server says that it takes no writes, since then another may be the master.
 *
 * <p>While there is none, calls fail at once; but those that a lost connection leaves behind, and
 * those that come while the first attempt at the next one runs, are sent again where there is time.
 * So a script may run twice.
 */
public final class Redis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.redis");
  private static final long TICK_MILLIS = 10;
  private static final long WATCH_MILLIS = 500;
  private static final long PING_AFTER = TimeUnit.SECONDS.toNanos(5);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long CONNECT_LIMIT_MILLIS = 8_000;
  private static final long NODE_PAUSE_MILLIS = 50;
  private static final long LASTING = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_HELD = 1_024;
  private static final String LOST = "the connection was lost";

  private final RedisSettings settings;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final DoubleSupplier random;
  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final Connector connector;
  private final long silenceLimit;
  private final List<Runnable> onUp = new CopyOnWriteArrayList<>();
  private final Session.Ends ends = new Endings();

  private volatile @Nullable Session session;
  // Written under the lock, together with the session: it is up while there is one.
  private volatile RedisStatus status;
  private volatile @Nullable RedisFailure whyDown;

  // Guarded by this.
  private final Queue<Call> held = new ArrayDeque<>();
  private boolean hopeful = true;
  private boolean connecting;
  private volatile boolean closed;
  private long madeAt;
  private int attempts;
  private int failures;

  /**
   * @param loops on which connections live, of the transport that Lettuce uses; null for its own
   * @param random from 0 up to 1: pauses before attempts differ from node to node
   */
  public Redis(
      RedisSettings settings,
      @Nullable EventLoopGroup loops,
      InstantSource clock,
      LongSupplier ticker,
      DoubleSupplier random) {
    this.settings = settings;
    this.clock = clock;
    this.ticker = ticker;
    this.random = random;
    this.timer =
        new HashedWheelTimer(
            new DefaultThreadFactory("headgate-redis-timer", true),
            TICK_MILLIS,
            TimeUnit.MILLISECONDS);
    ClientResources.Builder lettuce =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .timer(timer)
            .nettyCustomizer(new OneFlush())
            .threadFactoryProvider(name -> new DefaultThreadFactory(name, true));
    if (loops != null) {
      lettuce.eventLoopGroupProvider(new GatewayLoops(loops));
    }
    this.resources = lettuce.build();
    this.connector = new Connector(settings, resources, ticker);
    this.silenceLimit = Math.max(TimeUnit.SECONDS.toNanos(2), 2 * settings.timeout().toNanos());
    this.status =
        new RedisStatus(false, clock.instant(), connector.address().toString(), null, null);
  }

  /**
   * Whether connections can live on the event loops of a transport: Lettuce takes epoll where it is
   * there, and the two must agree.
   *
   * @param channel what the transport uses for TCP
   */
  public static boolean canLiveOn(Class<? extends Channel> channel) {
    return EpollProvider.isAvailable()
        && EpollProvider.getResources().socketChannelClass() == channel;
  }

  /** Begins to connect; to be called once. */
  public void start() {
    connect();
    watch();
  }

  public RedisStatus status() {
    return status;
  }

  /** To be run whenever a connection has been made; by any thread. */
  public void whenUp(Runnable action) {
    onUp.add(action);
  }

  /** Runs something later, unless closed by then; by a thread that must not be blocked. */
  public void later(Duration delay, Runnable action) {
    schedule(delay.toMillis(), action);
  }

  private void schedule(long millis, Runnable action) {
    try {
      timer.newTimeout(timeout -> action.run(), millis, TimeUnit.MILLISECONDS);
    } catch (IllegalStateException e) {
      // Closed, and its timer stopped.
      LOG.debug("closed", e);
    }
  }

  /**
   * Runs a script.
   *
   * @param keys of one slot
   * @param limit the setting's holds besides
   * @param replicated whether it counts only with as many replicas as the settings ask for
   * @return completed by a thread of Redis's, with what the script answered or a {@link
   *     RedisFailure}
   */
  public CompletableFuture<byte[]> call(
      RedisScript script, byte[][] keys, byte[][] args, Duration limit, boolean replicated) {
    long nanos = Math.min(limit.toNanos(), settings.timeout().toNanos());
    return run(script, keys, args, nanos, replicated && settings.minReplicas() > 0);
  }

  /** As {@link #call}, where nobody waits: the setting's limit does not hold. */
  public CompletableFuture<byte[]> callPatiently(
      RedisScript script, byte[][] keys, byte[][] args, Duration limit) {
    return run(script, keys, args, limit.toNanos(), false);
  }

  private CompletableFuture<byte[]> run(
      RedisScript script, byte[][] keys, byte[][] args, long nanos, boolean replicated) {
    Call call = new Call(script, keys, args, replicated, ticker.getAsLong() + nanos);
    if (nanos <= 0) {
      call.fail(Kind.TIMEOUT, "no time is left", null);
      return call.result();
    }
    send(call);
    if (!call.isOver()) {
      try {
        call.endsWith(
            timer.newTimeout(
                timeout -> call.fail(Kind.TIMEOUT, "no answer in time", null),
                nanos,
                TimeUnit.NANOSECONDS));
      } catch (IllegalStateException e) {
        call.fail(Kind.UNAVAILABLE, "closed", null);
      }
    }
    return call.result();
  }

  private void send(Call call) {
    Session current = session;
    if (current == null) {
      current = holdOrFail(call);
    }
    if (current != null) {
      current.send(call);
    }
  }

  /** Null where the call is taken care of. */
  private synchronized @Nullable Session holdOrFail(Call call) {
    Session current = session;
    if (current != null) {
      return current;
    }
    if (hopeful && !closed && held.size() < MOST_HELD) {
      held.add(call);
    } else {
      failDown(call);
    }
    return null;
  }

  private void failDown(Call call) {
    RedisFailure why = whyDown;
    if (why == null) {
      call.fail(Kind.UNAVAILABLE, "not connected", null);
    } else {
      call.fail(why.kind(), String.valueOf(why.getMessage()), why.getCause());
    }
  }

  private void connect() {
    int attempt;
    synchronized (this) {
      if (closed || connecting || session != null) {
        return;
      }
      connecting = true;
      attempt = ++attempts;
    }
    schedule(
        CONNECT_LIMIT_MILLIS,
        () ->
            connected(
                attempt, null, new RedisFailure(Kind.TIMEOUT, "no answer in time", false, null)));
    connector
        .connect(ends, lost -> drop(lost, Kind.UNAVAILABLE, LOST))
        .whenComplete((made, error) -> connected(attempt, made, error));
  }

  private void connected(int attempt, @Nullable Session made, @Nullable Throwable error) {
    List<Call> waiting;
    Instant now = clock.instant();
    RedisFailure why = made == null ? failure(error) : null;
    synchronized (this) {
      if (closed || !connecting || attempt != attempts) {
        if (made != null) {
          made.close();
        }
        return;
      }
      connecting = false;
      hopeful = false;
      waiting = new ArrayList<>(held);
      held.clear();
      if (made != null) {
        madeAt = ticker.getAsLong();
        session = made;
        up(now);
      } else if (why != null) {
        down(why, now);
      }
    }
    if (made == null) {
      waiting.forEach(this::failDown);
      again();
    } else {
      begin(made, waiting);
    }
  }

  private synchronized void up(Instant now) {
    RedisStatus before = status;
    status =
        new RedisStatus(
            true,
            before.up() ? before.since() : now,
            before.server(),
            before.lastFailure(),
            before.lastFailureAt());
  }

  private void begin(Session made, List<Call> waiting) {
    LOG.info("Redis at {} is connected", connector.address());
    waiting.forEach(this::send);
    onUp.forEach(Runnable::run);
    // It may have gone before anybody knew whose it was.
    if (!made.isOpen()) {
      drop(made, Kind.UNAVAILABLE, LOST);
    }
  }

  private void again() {
    long pause;
    synchronized (this) {
      int doublings = Math.min(failures++, 6);
      pause = Math.min(FIRST_PAUSE_MILLIS << doublings, LONGEST_PAUSE_MILLIS);
    }
    // From half of it to the whole: nodes that lost it together come back one by one.
    schedule((long) (pause * (1 + random.getAsDouble()) / 2), this::connect);
  }

  private static RedisFailure failure(@Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof RedisFailure told) {
      return told;
    }
    if (cause == null) {
      return new RedisFailure(Kind.UNAVAILABLE, "not connected", false, null);
    }
    RedisCommandExecutionException reply = Replies.reply(cause);
    return reply != null
        ? new RedisFailure(Replies.kind(reply), String.valueOf(reply.getMessage()), false, cause)
        : new RedisFailure(Kind.UNAVAILABLE, root(cause), false, cause);
  }

  private static String root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  private synchronized void down(RedisFailure why, Instant now) {
    RedisStatus before = status;
    whyDown = why;
    status =
        new RedisStatus(
            false, before.up() ? now : before.since(), before.server(), why.getMessage(), now);
    if (before.up() || !String.valueOf(why.getMessage()).equals(before.lastFailure())) {
      LOG.warn("Redis at {} is not to be had: {}", before.server(), why.getMessage());
    }
  }

  private synchronized void failed(String message, Instant now) {
    RedisStatus before = status;
    status = new RedisStatus(before.up(), before.since(), before.server(), message, now);
  }

  /** Gives a session up, where it is still the one in use. */
  private void drop(Session dropped, Kind kind, String message) {
    boolean atOnce;
    Instant now = clock.instant();
    synchronized (this) {
      if (session != dropped || closed) {
        return;
      }
      session = null;
      // One that did not last is no reason for hope.
      atOnce = ticker.getAsLong() - madeAt > LASTING;
      hopeful = atOnce;
      if (atOnce) {
        failures = 0;
      }
      down(new RedisFailure(kind, message, false, null), now);
    }
    if (atOnce) {
      connect();
    } else {
      again();
    }
    dropped.close();
  }

  private void watch() {
    Session current = session;
    if (current != null) {
      long now = ticker.getAsLong();
      if (current.load().silentNanos(now) > silenceLimit) {
        drop(current, Kind.TIMEOUT, "it no longer answers");
      } else if (current.load().idleNanos(now) > PING_AFTER) {
        current.ping();
      }
    }
    if (!closed) {
      schedule(WATCH_MILLIS, this::watch);
    }
  }

  @Override
  public void close() {
    List<Call> waiting;
    synchronized (this) {
      closed = true;
      session = null;
      waiting = new ArrayList<>(held);
      held.clear();
    }
    waiting.forEach(call -> call.fail(Kind.UNAVAILABLE, "closed", null));
    connector
        .close()
        .whenComplete(
            (done, error) -> {
              timer.stop();
              resources.shutdown(0, 1, TimeUnit.SECONDS);
            });
  }

  private final class Endings implements Session.Ends {
    @Override
    public void answered(Session from, Call call, byte[] value) {
      call.succeed(value);
    }

    @Override
    public void failed(Session from, Call call, Throwable error) {
      RedisCommandExecutionException reply = Replies.reply(error);
      if (reply != null) {
        refused(from, call, reply);
      } else if (error instanceof ReplicatedLane.NotReplicated) {
        failed(call, Kind.NOT_REPLICATED, String.valueOf(error.getMessage()), error);
      } else if (error instanceof Load.Full) {
        failed(call, Kind.UNAVAILABLE, String.valueOf(error.getMessage()), error);
      } else {
        lost(from, call, error);
      }
    }

    private void refused(Session from, Call call, RedisCommandExecutionException reply) {
      String message = String.valueOf(reply.getMessage());
      if (Replies.isDemoted(reply) && from.isOneConnection()) {
        // Another is the master now, or will be.
        drop(from, Kind.READ_ONLY, message);
        resend(call, reply);
      } else {
        failed(call, Replies.kind(reply), message, reply);
      }
    }

    private void lost(Session from, Call call, Throwable error) {
      if (from.isOneConnection()) {
        drop(from, Kind.UNAVAILABLE, LOST);
        resend(call, error);
      } else if (call.mayBeResent()) {
        // Lettuce knows by then where the node is, or that it is gone.
        schedule(NODE_PAUSE_MILLIS, () -> resend(call, error));
      } else {
        failed(call, Kind.UNAVAILABLE, root(error), error);
      }
    }

    private void resend(Call call, Throwable error) {
      if (call.isOver()) {
        return;
      }
      if (call.mayBeResent()) {
        call.resent();
        send(call);
      } else {
        failed(call, Kind.UNAVAILABLE, root(error), error);
      }
    }

    private void failed(Call call, Kind kind, String message, Throwable error) {
      call.fail(kind, message, error);
      Redis.this.failed(message, clock.instant());
    }
  }
}
