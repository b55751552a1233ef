package dev.headgate.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each line of {@code http1/responses.txt}, as the first answer on a connection to the service and
 * as a later one. How the lines are written stands at the head of that file.
 */
@Once
class ResponseTableIT {
  private static final Map<String, String> SCRIPTS = new ConcurrentHashMap<>();
  private static final ScriptedUpstream SERVICE = ScriptedUpstream.playing(ResponseTableIT::serve);
  private static final Todo TODO = new Todo();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", SERVICE.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"], circuit-breaker: none}}")
              .routes(
                  """
                  routes:
                    all: {match: {path: /**}, upstream: u, retry: {max-attempts: 1}}
                  """));

  @TestFactory
  Stream<DynamicTest> responses() {
    return Row.all("/http1/responses.txt").stream()
        .flatMap(
            row ->
                Stream.of(
                    TODO.test(row, "NEW", () -> run(row, false)),
                    TODO.test(row, "REUSED", () -> run(row, true))));
  }

  @AfterAll
  static void tellWhatIsKnown() {
    TODO.tell("responses");
  }

  private static void run(Row row, boolean reused) throws Exception {
    String request = row.column(1);
    byte[] octets =
        request.contains(" ")
            ? Escapes.decode(request)
            : (request + " /case HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    List<Message> answers = new ArrayList<>();
    try (Client client = Client.to(GATEWAY.port())) {
      SCRIPTS.put(client.address(), row.column(2));
      if (reused) {
        client.sendGood();
        client.expectGood();
      }
      client.say(octets, false);
      String how = client.listenThenProbe(request.equals("HEAD"), answers);
      assertThat(how).as("%s: answers, of %s", row.name(), answers).matches(row.column(3));
    } finally {
      // What one case left on a pooled connection is not to be told of another.
      SERVICE.closeConnections();
    }
    answers.stream()
        .filter(answer -> !answer.interim())
        .findFirst()
        .ifPresent(answer -> Checks.check(row, row.column(4), '<', answer));
  }

  /** The probe's answer ends its connection, so that the next case begins on a new one. */
  private static void serve(UpstreamConnection connection) throws IOException {
    StrictReader reader = new StrictReader(connection.in());
    for (Message next = request(reader); next != null; next = request(reader)) {
      if (next.startLine().contains(" /case ")) {
        String client = String.join(", ", next.values("x-forwarded-for"));
        if (!play(SCRIPTS.getOrDefault(client, ""), connection)) {
          return;
        }
      } else if (next.startLine().contains(" /good ")) {
        connection.write(Answer.ok("/good", "X-Target: /good"));
      } else {
        connection.write(Answer.ok("/probe", "X-Target: /probe", "Connection: close"));
        return;
      }
    }
  }

  private static @Nullable Message request(StrictReader reader) throws IOException {
    return reader.request(head -> {});
  }

  /** False where the script ends the connection. */
  private static boolean play(String script, UpstreamConnection connection) throws IOException {
    boolean ends = script.endsWith("\\e");
    boolean resets = script.endsWith("\\q");
    String octets = ends || resets ? script.substring(0, script.length() - 2).strip() : script;
    connection.write(Escapes.decode(octets));
    if (resets) {
      connection.reset();
    }
    return !ends && !resets;
  }
}
