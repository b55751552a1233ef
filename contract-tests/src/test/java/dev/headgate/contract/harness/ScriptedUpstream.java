package dev.headgate.contract.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/** An upstream whose every byte is scripted: a script plays on each connection that it accepts. */
public final class ScriptedUpstream implements AutoCloseable {
  /** What happens on one connection; it is closed when the script returns. */
  @FunctionalInterface
  public interface Script {
    void play(UpstreamConnection connection) throws Exception;
  }

  private final ServerSocket server;
  private final Script script;
  private final String scheme;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Received> fresh = new LinkedBlockingQueue<>();

  private ScriptedUpstream(ServerSocket server, String scheme, Script script) {
    this.server = server;
    this.scheme = scheme;
    this.script = script;
    daemon("upstream-accept", this::acceptAll);
  }

  public static ScriptedUpstream playing(Script script) {
    try {
      ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
      return new ScriptedUpstream(server, "http", script);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** On a port that is known before, such as that of a service that was ended. */
  public static ScriptedUpstream playingOn(int port, Script script) {
    try {
      ServerSocket server = new ServerSocket(port, 1_024, InetAddress.getLoopbackAddress());
      return new ScriptedUpstream(server, "http", script);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Answers each request of each connection with the bytes that {@code answer} gives. */
  public static ScriptedUpstream answering(Function<Received, String> answer) {
    return playing(
        connection -> {
          for (Received next = connection.read(); next != null; next = connection.read()) {
            connection.write(answer.apply(next));
          }
        });
  }

  /** Over TLS, by the sockets of {@code factory}. */
  public static ScriptedUpstream playingOver(ServerSocketFactory factory, Script script) {
    try {
      ServerSocket server = factory.createServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
      return new ScriptedUpstream(server, "https", script);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A port on which nobody listens (nor, most likely, will). */
  public static int closedPort() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  public String url() {
    return scheme + "://127.0.0.1:" + port();
  }

  /** All requests so far, in the order in which they were read. */
  public List<Received> received() {
    return received;
  }

  /** The next request not taken yet; fails after ten seconds. */
  public Received take() {
    try {
      Received next = fresh.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no request reached the upstream within 10 seconds");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Forgets what {@link #take()} has not taken. */
  public void forget() {
    fresh.clear();
  }

  /** How many connections were ever accepted. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections are open: neither ended by the gateway nor by the script. */
  public int open() {
    return open.size();
  }

  /** Ends all connections that are open, whatever their scripts are at. */
  public void closeConnections() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        int number = accepted.incrementAndGet();
        open.add(socket);
        daemon("upstream-" + number, () -> play(socket, number));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void play(Socket socket, int number) {
    try (socket) {
      script.play(new UpstreamConnection(socket, number, this::note));
    } catch (SocketException endedByPeer) {
      return;
    } catch (Exception failure) {
      if (!server.isClosed()) {
        System.err.println("scripted upstream: " + failure);
      }
    } finally {
      open.remove(socket);
    }
  }

  private void note(Received request) {
    received.add(request);
    fresh.add(request);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
      closeConnections();
    } catch (IOException ignored) {
      // The system closes what is left.
    }
  }
}
