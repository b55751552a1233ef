package dev.headgate.contract.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port that leads to another of this machine, which can be changed, and whose connections can be
 * cut.
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
    daemon("proxy-accept", this::acceptAll);
  }

  public static TcpProxy to(int port) {
    try {
      return new TcpProxy(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), port);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** From now on it leads elsewhere; what is open is cut. */
  public void lead(int port) {
    target = port;
    cut();
  }

  /** Ends every connection that is open, with a RST. */
  public void cut() {
    for (Socket socket : open) {
      reset(socket);
    }
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        daemon("proxy-" + client.getPort(), () -> carry(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void carry(Socket client) {
    int leadsTo = target;
    try (Socket service = new Socket()) {
      open.add(service);
      service.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), leadsTo), 2_000);
      service.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      if (leadsTo != target) {
        return;
      }
      Thread back = daemon("proxy-back-" + client.getPort(), () -> copy(service, client));
      copy(client, service);
      back.join();
    } catch (IOException refused) {
      return;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      reset(client);
      open.remove(client);
      open.removeIf(Socket::isClosed);
    }
  }

  /** Until either side ends; then both do. */
  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException ended) {
      // As by a RST.
    } finally {
      reset(from);
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyClosed) {
      return;
    }
    try {
      socket.close();
    } catch (IOException ignored) {
      // The system closes it.
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException ignored) {
      // The system closes it.
    }
    cut();
  }
}
