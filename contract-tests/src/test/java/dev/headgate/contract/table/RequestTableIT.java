package dev.headgate.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.SharedGateway;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each line of {@code http1/requests.txt}, as the first request of a connection, as the second, and
 * pipelined behind another. How the lines are written stands at the head of that file.
 */
@Once
class RequestTableIT {
  private static final Service SERVICE = new Service();
  private static final Todo TODO = new Todo();

  /** Clients whose request may reach nobody, not even late. */
  private static final Map<String, String> MUTE = new LinkedHashMap<>();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", SERVICE.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"));

  private enum Position {
    FIRST,
    REUSED,
    PIPELINED
  }

  @TestFactory
  Stream<DynamicTest> requests() {
    return Row.all("/http1/requests.txt").stream()
        .flatMap(
            row ->
                Arrays.stream(Position.values())
                    .filter(position -> position != Position.PIPELINED || !ends(row))
                    .map(position -> TODO.test(row, position.name(), () -> run(row, position))));
  }

  @AfterAll
  static void nothingCameLate() {
    TODO.tell("requests");
    MUTE.forEach((client, name) -> assertThat(forwarded(client)).as(name).isEmpty());
    assertThat(SERVICE.malformed()).isEmpty();
  }

  private static boolean ends(Row row) {
    return row.column(1).endsWith(" \\e");
  }

  private static void run(Row row, Position position) throws Exception {
    String bytes = row.column(1);
    byte[] request = Escapes.decode(ends(row) ? bytes.substring(0, bytes.length() - 3) : bytes);
    List<Message> answers = new ArrayList<>();
    try (Client client = Client.to(GATEWAY.port())) {
      if (position != Position.FIRST) {
        client.sendGood();
      }
      if (position == Position.REUSED) {
        client.expectGood();
      }
      client.say(request, ends(row));
      if (!ends(row)) {
        client.probe();
      }
      if (position == Position.PIPELINED) {
        client.expectGood();
      }
      String how = client.listen(bytes.startsWith("HEAD "), answers);
      assertThat(how).as("%s: answers, of %s", row.name(), answers).matches(row.column(2));
      answers.stream()
          .filter(answer -> !answer.interim())
          .findFirst()
          .ifPresent(answer -> Checks.check(row, row.column(4), '<', answer));
      checkForwarded(row, client.address());
    }
  }

  private static List<Service.Seen> forwarded(String client) {
    return SERVICE.seenFrom(client).stream()
        .filter(request -> !request.requestLine().matches("(POST /good|GET /probe) HTTP/1.1"))
        .toList();
  }

  private static void checkForwarded(Row row, String client) throws Exception {
    Expected expected = Expected.of(row.column(3));
    List<Service.Seen> seen = forwarded(client);
    if (!seen.isEmpty() || !expected.optional()) {
      assertThat(seen.stream().map(Service.Seen::requestLine).toList())
          .as("%s: seen by the service", row.name())
          .isEqualTo(expected.lines());
    }
    if (expected.lines().isEmpty() && !row.todo()) {
      MUTE.put(client, row.name());
    }
    boolean first = true;
    for (Service.Seen request : seen) {
      Message message = request.whole().get(10, TimeUnit.SECONDS);
      assertThat(message.complete())
          .as("%s: the service got the whole of %s", row.name(), message)
          .isEqualTo(expected.whole());
      if (first) {
        Checks.check(row, row.column(4), '>', message);
      }
      first = false;
    }
  }

  /** The column of what the service may see. */
  private record Expected(List<String> lines, boolean optional, boolean whole) {
    static Expected of(String column) {
      boolean broken = column.startsWith("~");
      boolean optional = broken || column.startsWith("?");
      String lines = optional ? column.substring(1) : column;
      return new Expected(
          lines.equals("none")
              ? List.of()
              : Arrays.stream(lines.split(" & ", -1))
                  .map(line -> Escapes.latin1(Escapes.decode(line)))
                  .toList(),
          optional,
          !broken);
    }
  }
}
