package dev.headgate.contract.cache;

import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.UpstreamConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that answers each path as it was told, and remembers what it was asked. */
final class CachedService implements AutoCloseable {
  /** A path, whatever the query. */
  static final class Resource {
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Reply> byMethod = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private volatile List<Reply> replies = List.of(Reply.status(404));
    private volatile int told;

    /** In this order from now on, the last one again and again; for all methods not told of. */
    void answers(List<Reply> inOrder) {
      told = received.size();
      replies = List.copyOf(inOrder);
    }

    void answers(String method, Reply reply) {
      byMethod.put(method, reply);
    }

    List<Received> received() {
      return received;
    }

    /** How many requests were in the works at once, at most. */
    int peak() {
      return peak.get();
    }

    private synchronized int note(Received request) {
      received.add(request);
      return received.size();
    }

    private boolean play(UpstreamConnection connection, Received request) throws Exception {
      int number = note(request);
      List<Reply> inOrder = replies;
      Reply usual = inOrder.get(Math.min(Math.max(0, number - told - 1), inOrder.size() - 1));
      peak.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        Reply reply = byMethod.getOrDefault(request.method(), usual);
        return reply.play(connection, request, number);
      } finally {
        running.decrementAndGet();
      }
    }
  }

  private final Map<String, Resource> resources = new ConcurrentHashMap<>();
  private volatile ScriptedUpstream upstream;

  CachedService() {
    upstream = ScriptedUpstream.playing(this::play);
  }

  /** Again, on the port that it had. */
  void reopen() {
    upstream = ScriptedUpstream.playingOn(upstream.port(), this::play);
  }

  String url() {
    return upstream.url();
  }

  Resource resource(String path) {
    return resources.computeIfAbsent(path, p -> new Resource());
  }

  private void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      Received request = connection.skimBody(head);
      String path = request.target().split("\\?", 2)[0];
      if (!resource(path).play(connection, request)) {
        return;
      }
    }
  }

  /** From now on connections are refused. */
  @Override
  public void close() {
    upstream.close();
  }
}
