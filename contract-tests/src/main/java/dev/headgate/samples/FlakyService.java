package dev.headgate.samples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.common.ConsoleNotifier;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;

/**
 * Fails in ways that can be foretold: {@code /flaky} answers 503 to every third request, {@code
 * /flaky/half} to every second, {@code /flaky/reset} resets the connection, {@code /flaky/empty}
 * closes it without an answer, {@code /flaky/garbage} breaks off amid the body.
 */
final class FlakyService implements AutoCloseable {
  private final WireMockServer server;

  FlakyService(int port) {
    server =
        new WireMockServer(
            WireMockConfiguration.options()
                .bindAddress(Samples.HOST)
                .port(port)
                .notifier(new ConsoleNotifier(false))
                .maxRequestJournalEntries(100));
    everyNth("/flaky", 3);
    everyNth("/flaky/half", 2);
    fault("/flaky/reset", Fault.CONNECTION_RESET_BY_PEER);
    fault("/flaky/empty", Fault.EMPTY_RESPONSE);
    fault("/flaky/garbage", Fault.MALFORMED_RESPONSE_CHUNK);
    server.start();
  }

  int port() {
    return server.port();
  }

  private void everyNth(String path, int n) {
    for (int i = 1; i <= n; i++) {
      String state = i == 1 ? STARTED : "request " + i;
      String next = i == n ? STARTED : "request " + (i + 1);
      server.stubFor(
          any(urlPathEqualTo(path))
              .inScenario(path)
              .whenScenarioStateIs(state)
              .willSetStateTo(next)
              .willReturn(
                  i < n
                      ? okJson("{\"status\":\"fine\",\"request\":" + i + "}")
                      : aResponse()
                          .withStatus(503)
                          .withHeader("Content-Type", "application/json")
                          .withHeader("Retry-After", "1")
                          .withBody("{\"status\":503,\"message\":\"Out of luck, try again\"}")));
    }
  }

  private void fault(String path, Fault fault) {
    server.stubFor(any(urlPathEqualTo(path)).willReturn(aResponse().withFault(fault)));
  }

  @Override
  public void close() {
    server.stop();
  }
}
