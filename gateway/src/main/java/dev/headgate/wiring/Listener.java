package dev.headgate.wiring;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import reactor.netty.DisposableServer;

/** The listening socket, so that it can be closed before the connections it accepted. */
final class Listener {
  private volatile @Nullable Channel channel;

  void bound(DisposableServer server) {
    channel = server.channel();
  }

  /** Refuses new connections; those that are open go on. */
  void close() {
    Channel listening = channel;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
  }
}
