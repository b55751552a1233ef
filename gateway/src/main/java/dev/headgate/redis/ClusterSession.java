package dev.headgate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connections to the masters of a Cluster; Lettuce keeps them up and knows which has what. */
final class ClusterSession implements Session {
  private final StatefulRedisClusterConnection<byte[], byte[]> connection;
  private final int replicas;
  private final Ends ends;
  private final LongSupplier ticker;
  private final Supplier<? extends CompletionStage<?>> lookAgain;
  private final Load load;
  private final Pipe pipe;
  private final Map<StatefulRedisConnection<byte[], byte[]>, ReplicatedLane> lanes =
      new ConcurrentHashMap<>();

  /**
   * @param lookAgain asks which master has what
   */
  ClusterSession(
      StatefulRedisClusterConnection<byte[], byte[]> connection,
      int replicas,
      Ends ends,
      LongSupplier ticker,
      Supplier<? extends CompletionStage<?>> lookAgain) {
    this.connection = connection;
    this.replicas = replicas;
    this.ends = ends;
    this.ticker = ticker;
    this.lookAgain = lookAgain;
    this.load = new Load(ticker.getAsLong());
    this.pipe = new Pipe(connection, load, ticker);
  }

  /** Connects to each master, so that the first calls need not wait for that. */
  CompletableFuture<?> warm() {
    return CompletableFuture.allOf(
        connection.getPartitions().stream()
            .filter(node -> node.getRole().isUpstream() && !node.getSlots().isEmpty())
            .map(this::connected)
            // One master that is down leaves the others of use.
            .map(future -> future.handle((made, error) -> ""))
            .toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connected(
      RedisClusterNode node) {
    return connection.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort());
  }

  @Override
  public void send(Call call) {
    if (call.replicated()) {
      sendReplicated(call, true);
    } else {
      pipe.run(call, (value, error) -> ended(call, value, error));
    }
  }

  // WAIT knows no key, and must go where the script went; nor does Lettuce follow for one node.
  private void sendReplicated(Call call, boolean mayBeElsewhere) {
    RedisClusterNode node =
        connection.getPartitions().getMasterBySlot(SlotHash.getSlot(call.keys()[0]));
    if (node == null) {
      ended(call, null, new IllegalStateException("no master has the key"));
      return;
    }
    connected(node)
        .whenComplete(
            (to, error) -> {
              if (to == null) {
                ended(call, null, error);
              } else {
                lane(to).run(call, (value, failure) -> came(call, value, failure, mayBeElsewhere));
              }
            });
  }

  private void came(
      Call call, byte @Nullable [] value, @Nullable Throwable error, boolean mayBeElsewhere) {
    RedisCommandExecutionException reply = error == null ? null : Replies.reply(error);
    if (mayBeElsewhere && reply != null && Replies.is(reply, "MOVED")) {
      lookAgain.get().whenComplete((known, unknown) -> sendReplicated(call, false));
    } else {
      ended(call, value, error);
    }
  }

  private ReplicatedLane lane(StatefulRedisConnection<byte[], byte[]> node) {
    lanes.keySet().removeIf(each -> each != node && !each.isOpen());
    return lanes.computeIfAbsent(
        node, to -> new ReplicatedLane(new Pipe(to, load, ticker), replicas, ticker));
  }

  private void ended(Call call, byte @Nullable [] value, @Nullable Throwable error) {
    if (value != null) {
      ends.answered(this, call, value);
    } else {
      ends.failed(this, call, error == null ? new IllegalStateException("no answer") : error);
    }
  }

  @Override
  public Load load() {
    return load;
  }

  @Override
  public void ping() {
    pipe.ping();
  }

  @Override
  public boolean isOneConnection() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    connection.closeAsync();
  }
}
