package dev.headgate.contract.table;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The service behind the gateway: answers 200 with the target it was asked for, notes the rest. */
final class Service {
  /** A request whose head arrived; {@code whole} is done when its body ended, well or not. */
  record Seen(String requestLine, CompletableFuture<Message> whole) {}

  private final Map<String, List<Seen>> seen = new ConcurrentHashMap<>();
  private final List<String> malformed = new CopyOnWriteArrayList<>();
  private final ScriptedUpstream upstream = ScriptedUpstream.playing(this::play);

  String url() {
    return upstream.url();
  }

  /** What came so far from a client of this address, in the order of arrival. */
  List<Seen> seenFrom(String client) {
    return List.copyOf(from(client));
  }

  /** What came that was no request of one reading. */
  List<String> malformed() {
    return malformed;
  }

  private List<Seen> from(String client) {
    return seen.computeIfAbsent(client, unknown -> new CopyOnWriteArrayList<>());
  }

  private void play(UpstreamConnection connection) throws IOException {
    StrictReader reader = new StrictReader(connection.in());
    CompletableFuture<Message> whole = new CompletableFuture<>();
    try {
      for (Message next = next(reader, whole); next != null; next = next(reader, whole)) {
        whole.complete(next);
        if (!next.complete()) {
          return;
        }
        whole = new CompletableFuture<>();
        connection.write(answer(next));
      }
    } catch (StrictReader.Malformed problem) {
      malformed.add(String.valueOf(problem.getMessage()));
      whole.completeExceptionally(problem);
    }
  }

  private @Nullable Message next(StrictReader reader, CompletableFuture<Message> whole)
      throws IOException {
    return reader.request(
        head -> {
          String client = String.join(", ", head.values("x-forwarded-for"));
          from(client).add(new Seen(head.startLine(), whole));
        });
  }

  private static String answer(Message request) {
    String[] line = request.startLine().split(" ", 3);
    String answer = Answer.ok(line[1], "X-Target: " + line[1]);
    return line[0].equals("HEAD")
        ? answer.substring(0, answer.length() - line[1].length())
        : answer;
  }
}
