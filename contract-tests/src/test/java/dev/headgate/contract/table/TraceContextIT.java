package dev.headgate.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Received;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Traces;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each line of {@code tracing/trace-context.txt}, and baggage, of callers that are believed. */
@Once
class TraceContextIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private static final Traces TRACES = new Traces();
  private static final Todo TODO = new Todo();
  private static final ScriptedUpstream SERVICE =
      ScriptedUpstream.answering(request -> Answer.ok("fine"));

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .upstreams("upstreams: {u: {endpoints: [\"@service@\"]}}")
              .routes("routes: {all: {match: {path: /**}, upstream: u}}"),
          Stream.concat(
                  Arrays.stream(TRACES.settings()),
                  Stream.of(
                      "--headgate.tracing.trust=everyone",
                      "--headgate.tracing.baggage=user,region"))
              .toArray(String[]::new));

  @BeforeEach
  void forget() {
    SERVICE.forget();
  }

  @AfterAll
  static void stop() {
    TODO.tell("trace context");
    TRACES.close();
  }

  /** What the service gets where the client sends these fields. */
  private static Received sent(String fields) throws Exception {
    SERVICE.forget();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.send("GET /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n");
      assertThat(http.response("GET").text()).isEqualTo("fine");
    }
    return SERVICE.take();
  }

  private static Matcher traceparent(Received request) {
    assertThat(request.headers("traceparent")).hasSize(1);
    Matcher parent = TRACEPARENT.matcher(Objects.requireNonNull(request.header("traceparent")));
    assertThat(parent.matches()).as("%s", request.head()).isTrue();
    return parent;
  }

  @TestFactory
  Stream<DynamicTest> traceContext() {
    return Row.all("/tracing/trace-context.txt").stream()
        .map(row -> TODO.test(row, "", () -> run(row)));
  }

  private static void run(Row row) throws Exception {
    String fields = row.column(1).replace("@T", TRACE).replace("@P", PARENT);
    Received request = sent(Escapes.latin1(Escapes.decode(fields)));
    Matcher parent = traceparent(request);
    if (row.column(2).startsWith("kept ")) {
      assertThat(parent.group(1)).isEqualTo(TRACE);
      assertThat(parent.group(3)).as("flags").isEqualTo(row.column(2).substring(5));
    } else {
      assertThat(row.column(2)).isEqualTo("new");
      assertThat(parent.group(1)).isNotEqualToIgnoringCase(TRACE).isNotEqualTo("0".repeat(32));
      assertThat(parent.group(3)).as("flags").isEqualTo("03");
    }
    assertThat(parent.group(2)).isNotEqualTo(PARENT).isNotEqualTo("0".repeat(16));
    List<String> right = List.of(Escapes.latin1(Escapes.decode(row.column(3))).split(" or ", -1));
    assertThat(right).contains(state(request));
  }

  /** The members, without white space around them; {@code none} where there is no such field. */
  private static String state(Received request) {
    List<String> values = request.headers("tracestate");
    assertThat(values).as("fields of one name").hasSizeLessThan(2);
    return values.isEmpty()
        ? "none"
        : String.join(",", Arrays.stream(values.get(0).split(",", -1)).map(String::strip).toList());
  }

  @Test
  void eachRequestOfATraceHasASpanOfItsOwn() throws Exception {
    Set<String> parents = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Matcher parent = traceparent(sent("traceparent: 00-" + TRACE + "-" + PARENT + "-01"));
      assertThat(parent.group(1)).isEqualTo(TRACE);
      parents.add(parent.group(2));
    }
    assertThat(parents).hasSize(3);
  }

  @Test
  void eachRequestWithoutOneHasATraceOfItsOwn() throws Exception {
    Set<String> traces = new HashSet<>();
    for (String fields : new String[] {"X: y", "X: y", "traceparent: broken"}) {
      traces.add(traceparent(sent(fields)).group(1));
    }
    assertThat(traces).hasSize(3);
  }

  @Test
  void onlyNamedMembersOfBaggagePass() throws Exception {
    Received request =
        sent(
            "traceparent: 00-"
                + TRACE
                + "-"
                + PARENT
                + "-01\r\nbaggage: secret=1,user=a%20b;prop=x , other=2\r\nbaggage: region=eu");
    assertThat(String.join(",", request.headers("baggage")).replace(" ", ""))
        .isEqualTo("user=a%20b;prop=x,region=eu");
    assertThat(sent("baggage: secret=1, users=2, User=3").headers("baggage")).isEmpty();
  }

  @Test
  void baggageNeedsNoTraceContext() throws Exception {
    assertThat(sent("baggage: user=alice").header("baggage")).isEqualTo("user=alice");
  }
}
