package dev.headgate.redis;

import dev.headgate.redis.RedisFailure.Kind;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sessions: finds out what is at the address, and whether it is of use. */
final class Connector {
  private static final Logger LOG = LoggerFactory.getLogger("dev.headgate.redis");
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(10);

  private final RedisSettings settings;
  private final RedisAddress address;
  private final ClientResources resources;
  private final LongSupplier ticker;
  private @Nullable RedisClient client;
  private @Nullable RedisClusterClient cluster;
  private boolean warned;

  Connector(RedisSettings settings, ClientResources resources, LongSupplier ticker) {
    this.settings = settings;
    Duration handshake =
        settings.timeout().compareTo(CONNECT_LIMIT) > 0 ? settings.timeout() : CONNECT_LIMIT;
    this.address = RedisAddress.parse(settings.uri()).within(handshake);
    this.resources = resources;
    this.ticker = ticker;
  }

  /** What came of connecting. */
  interface Made {
    /** The connection of a session is gone. */
    void lost(Session session);
  }

  RedisAddress address() {
    return address;
  }

  /** Fails with what was wrong: a {@link RedisFailure} where Redis itself said so. */
  synchronized CompletionStage<Session> connect(Session.Ends ends, Made made) {
    try {
      return address.isCluster() || cluster != null
          ? connectCluster(ends)
          : connectNode(ends, made);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletionStage<Session> connectNode(Session.Ends ends, Made made) {
    if (client == null) {
      client = RedisClient.create(resources);
    }
    client.setOptions(options(ClientOptions.builder().autoReconnect(false)).build());
    return client
        .connectAsync(ByteArrayCodec.INSTANCE, address.first())
        .toCompletableFuture()
        .thenCompose(connection -> judged(connection, ends, made));
  }

  private CompletionStage<Session> judged(
      StatefulRedisConnection<byte[], byte[]> connection, Session.Ends ends, Made made) {
    Pipe pipe = new Pipe(connection, new Load(ticker.getAsLong()), ticker);
    CompletableFuture<ServerInfo> info = new CompletableFuture<>();
    pipe.info()
        .whenComplete(
            (text, error) -> {
              if (error == null) {
                info.complete(ServerInfo.parse(text));
              } else if (Replies.reply(error) != null) {
                // A user that may not ask: what it does not tell shows when it is used.
                info.complete(ServerInfo.UNTOLD);
              } else {
                info.completeExceptionally(error);
              }
            });
    // INFO has no limit of its own; the connection that never answers it is closed by who waits.
    return info.handle(
            (told, error) -> {
              if (told == null || told.isReplica() || told.isLoading() || told.isCluster()) {
                connection.closeAsync();
              }
              if (told == null) {
                return CompletableFuture.<Session>failedFuture(
                    error == null ? new IllegalStateException("no answer") : error);
              }
              return made(told, connection, ends, made);
            })
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Session> made(
      ServerInfo told,
      StatefulRedisConnection<byte[], byte[]> connection,
      Session.Ends ends,
      Made made) {
    if (told.isLoading()) {
      return failed(Kind.UNAVAILABLE, "it is loading its data");
    }
    warnOfEviction(told);
    if (told.isCluster()) {
      return clusterFound(ends);
    }
    if (told.isReplica()) {
      return failed(Kind.READ_ONLY, "it is a replica");
    }
    NodeSession session = new NodeSession(connection, settings.minReplicas(), ends, ticker);
    session.whenLost(() -> made.lost(session));
    return CompletableFuture.completedFuture(session);
  }

  private static CompletionStage<Session> failed(Kind kind, String message) {
    return CompletableFuture.failedFuture(new RedisFailure(kind, message, false, null));
  }

  private synchronized void warnOfEviction(ServerInfo told) {
    if (!warned && told.mayEvict()) {
      warned = true;
      LOG.warn(
          "Redis at {} may forget idempotency keys before their time: maxmemory-policy is {}"
              + " (expected: noeviction)",
          address,
          told.policy());
    }
  }

  private synchronized CompletionStage<Session> clusterFound(Session.Ends ends) {
    LOG.info("Redis at {} is a Cluster", address);
    return connectCluster(ends);
  }

  private CompletionStage<Session> connectCluster(Session.Ends ends) {
    if (cluster == null) {
      cluster = RedisClusterClient.create(resources, address.uris());
    }
    RedisClusterClient nodes = cluster;
    nodes.setOptions(clusterOptions());
    return nodes
        .refreshPartitionsAsync()
        .thenCompose(known -> nodes.connectAsync(ByteArrayCodec.INSTANCE))
        .thenCompose(
            connection -> {
              ClusterSession session =
                  new ClusterSession(
                      connection,
                      settings.minReplicas(),
                      ends,
                      ticker,
                      nodes::refreshPartitionsAsync);
              return session.warm().thenApply(warm -> session);
            });
  }

  private ClusterClientOptions clusterOptions() {
    return ClusterClientOptions.builder(options(ClientOptions.builder()).build())
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY_PERIOD)
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .build())
        .build();
  }

  // Commands that a connection has when it is lost fail, and are not sent again by Lettuce: whether
  // there is time for that is known here. Limits of calls are kept here, too.
  private ClientOptions.Builder options(ClientOptions.Builder builder) {
    builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.create())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder().connectTimeout(CONNECT_LIMIT).keepAlive(true).build());
    RedisTls tls = settings.tls().get();
    if (tls != null) {
      builder.sslOptions(ssl(tls));
    }
    return builder;
  }

  private static SslOptions ssl(RedisTls tls) {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    if (tls.keys() != null) {
      ssl.keyManager(tls.keys());
    }
    if (tls.trust() != null) {
      ssl.trustManager(tls.trust());
    }
    if (!tls.protocols().isEmpty()) {
      ssl.protocols(tls.protocols().toArray(String[]::new));
    }
    if (!tls.ciphers().isEmpty()) {
      ssl.cipherSuites(tls.ciphers().toArray(String[]::new));
    }
    return ssl.build();
  }

  synchronized CompletableFuture<?> close() {
    CompletableFuture<Void> nodes =
        client == null
            ? CompletableFuture.completedFuture(null)
            : client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    return cluster == null
        ? nodes
        : CompletableFuture.allOf(nodes, cluster.shutdownAsync(0, 1, TimeUnit.SECONDS));
  }
}
