package dev.headgate.wiring;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.netty.DisposableServer;

/** The listening sockets, so that they can be closed before the connections they accepted. */
final class Listeners {
  private final List<Bound> sockets = new CopyOnWriteArrayList<>();

  /**
   * A socket that listens.
   *
   * @param name empty for the main one
   */
  record Bound(String name, boolean encrypted, Channel channel) {
    /** How it is reached. */
    String url() {
      InetSocketAddress local = (InetSocketAddress) channel.localAddress();
      return Urls.of(encrypted ? "https" : "http", local.getAddress(), local.getPort());
    }
  }

  void bound(String name, boolean encrypted, DisposableServer server) {
    sockets.add(new Bound(name, encrypted, server.channel()));
  }

  /** In the order in which they were opened, the main one first. */
  List<Bound> bound() {
    return List.copyOf(sockets);
  }

  /** Refuses new connections; those that are open go on. */
  void close() {
    sockets.forEach(socket -> socket.channel().close());
    sockets.forEach(socket -> socket.channel().closeFuture().awaitUninterruptibly());
  }
}
