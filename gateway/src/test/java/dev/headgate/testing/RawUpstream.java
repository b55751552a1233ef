package dev.headgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that does on its connections exactly what a script says, each in its own thread. */
public final class RawUpstream implements AutoCloseable {
  private final ServerSocket listener;
  private final Script script;
  private final Set<Wire> open = ConcurrentHashMap.newKeySet();
  private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** What happens on a connection; it is closed at the end. */
  @FunctionalInterface
  public interface Script {
    void run(Wire wire) throws Exception;
  }

  private RawUpstream(ServerSocket listener, Script script, int receiveBuffer) {
    this.script = script;
    this.listener = listener;
    try {
      if (receiveBuffer > 0) {
        listener.setReceiveBufferSize(receiveBuffer);
      }
      if (!listener.isBound()) {
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread("upstream-accept", this::accept);
  }

  private RawUpstream(Script script, int receiveBuffer) {
    this(unbound(), script, receiveBuffer);
  }

  private static ServerSocket unbound() {
    try {
      return new ServerSocket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers each request of each connection to {@code ::1} with the same bytes. */
  public static RawUpstream answeringOnIpv6(String response) {
    RawUpstream[] self = new RawUpstream[1];
    try {
      ServerSocket listener = new ServerSocket();
      byte[] loopback = new byte[16];
      loopback[15] = 1;
      listener.bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
      self[0] =
          listening(
              listener,
              wire -> {
                while (true) {
                  self[0].requests.add(wire.readRequest());
                  wire.send(response);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return self[0];
  }

  /**
   * Runs the script on every connection of a listener, such as one of TLS; bound to a port of its
   * own where it is not bound yet.
   */
  public static RawUpstream listening(ServerSocket listener, Script script) {
    return new RawUpstream(listener, script, 0);
  }

  /** Runs the script on every connection. */
  public static RawUpstream running(Script script) {
    return new RawUpstream(script, 0);
  }

  /** The same with a small window, so that a reader's slowness is felt soon. */
  public static RawUpstream running(int receiveBuffer, Script script) {
    return new RawUpstream(script, receiveBuffer);
  }

  /** Answers each request with the same bytes, keeping the connection. */
  public static RawUpstream answering(String response) {
    RawUpstream[] self = new RawUpstream[1];
    self[0] =
        running(
            wire -> {
              while (true) {
                self[0].requests.add(wire.readRequest());
                wire.send(response);
              }
            });
    return self[0];
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Connections accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Connections whose script still runs. */
  public int open() {
    return open.size();
  }

  /** What {@link #answering} has answered. */
  public List<Answer> requests() {
    return List.copyOf(requests);
  }

  /** Assertions that failed within the script. */
  public List<AssertionError> failures() {
    return List.copyOf(failures);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        Wire wire = new Wire(socket);
        open.add(wire);
        if (listener.isClosed()) {
          // Closed between the two, so that nobody closes this one.
          wire.close();
        }
        thread("upstream", () -> converse(wire));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was accepted.
      }
    }
  }

  private void converse(Wire wire) {
    try (wire) {
      script.run(wire);
    } catch (AssertionError e) {
      failures.add(e);
    } catch (Exception e) {
      // The connection has ended under the script: what a test makes happen.
    } finally {
      open.remove(wire);
    }
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(Wire::close);
  }
}
