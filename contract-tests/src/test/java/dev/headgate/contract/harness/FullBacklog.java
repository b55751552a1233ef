package dev.headgate.contract.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port whose queue of connections is full: further ones are neither accepted nor refused. */
public final class FullBacklog implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> waiting = new ArrayList<>();

  private FullBacklog(ServerSocket server) {
    this.server = server;
  }

  public static FullBacklog open() {
    try {
      FullBacklog full = new FullBacklog(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      full.fill();
      return full;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 250);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IllegalStateException("this system's backlog does not fill");
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    server.close();
  }
}
