package dev.headgate.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.function.LongSupplier;

/** One connection to one server. */
final class NodeSession implements Session {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Ends ends;
  private final Load load;
  private final Pipe pipe;
  private final ReplicatedLane replicated;

  NodeSession(
      StatefulRedisConnection<byte[], byte[]> connection,
      int replicas,
      Ends ends,
      LongSupplier ticker) {
    this.connection = connection;
    this.ends = ends;
    this.load = new Load(ticker.getAsLong());
    this.pipe = new Pipe(connection, load, ticker);
    this.replicated = new ReplicatedLane(pipe, replicas, ticker);
  }

  /** Tells of the connection's end, also where it has come already. */
  void whenLost(Runnable lost) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            lost.run();
          }
        });
    if (!connection.isOpen()) {
      lost.run();
    }
  }

  @Override
  public void send(Call call) {
    Pipe.Answer answer =
        (value, error) -> {
          if (value != null) {
            ends.answered(this, call, value);
          } else {
            ends.failed(this, call, error == null ? new IllegalStateException("no answer") : error);
          }
        };
    if (call.replicated()) {
      replicated.run(call, answer);
    } else {
      pipe.run(call, answer);
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
    return true;
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
