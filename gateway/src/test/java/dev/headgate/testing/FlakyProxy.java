package dev.headgate.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before a server, passes bytes on, and cuts connections when it is told to. */
public final class FlakyProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile boolean deaf;
  private volatile String cutAfter = "";

  public FlakyProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Nothing more comes back, and once the server was sent this, its connection is cut. */
  public void cutAfter(String text) {
    cutAfter = text;
    deaf = true;
  }

  /** Connections are cut as soon as they are made. */
  public void refuse() {
    refusing = true;
  }

  /** All is as it was, but for what was cut. */
  public void mend() {
    refusing = false;
    deaf = false;
    cutAfter = "";
  }

  public void cutAll() {
    sockets.forEach(FlakyProxy::close);
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        start(() -> pass(client, server, true));
        start(() -> pass(server, client, false));
      }
    } catch (IOException closed) {
      // By close().
    }
  }

  private void pass(Socket from, Socket to, boolean requests) {
    byte[] bytes = new byte[65_536];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length; (length = in.read(bytes)) >= 0; ) {
        if (!requests && deaf) {
          continue;
        }
        out.write(bytes, 0, length);
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (requests && !cutAfter.isEmpty() && text.contains(cutAfter)) {
          // What was sent arrives; nobody hears what comes of it, and nobody gets through again.
          refuse();
          from.close();
          to.shutdownOutput();
          return;
        }
      }
    } catch (IOException cut) {
      // Whichever side it was, the other goes too.
    }
    close(from);
    close(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "flaky-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }
}
