package dev.headgate.contract.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.Once;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * RFC 6455 as the Autobahn test suite sees it, through the gateway. {@code -Dautobahn=none} leaves
 * it out, {@code all} runs the slow cases too, and all of them straight at the service, so that
 * nothing is laid at the gateway's door that is the service's.
 */
@Once
class AutobahnIT {
  private static final int QUICK = 247;
  private static final int SLOW = 54;

  @Test
  @EnabledIfSystemProperty(named = "autobahn", matches = "all")
  void theServiceItselfFailsNothing() throws Exception {
    try (WebSocketEcho service = WebSocketEcho.start()) {
      var quick = Autobahn.quick(service.port());
      assertThat(Autobahn.failed(quick)).isEmpty();
      assertThat(quick).hasSize(QUICK);
      var slow = Autobahn.slow(service.port());
      assertThat(Autobahn.failed(slow)).isEmpty();
      assertThat(slow).hasSize(SLOW);
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "autobahn", matches = "quick|all")
  void nothingFailsThroughTheGateway() throws Exception {
    try (WebSocketEcho service = WebSocketEcho.start();
        GatewayProcess gateway = gateway("AutobahnIT", service)) {
      var quick = Autobahn.quick(gateway.port());
      assertThat(Autobahn.failed(quick)).isEmpty();
      assertThat(quick).hasSize(QUICK);
      gateway.assertNoLeakLogged();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "autobahn", matches = "all")
  void largeAndManyMessagesPassThroughTheGateway() throws Exception {
    try (WebSocketEcho service = WebSocketEcho.start();
        GatewayProcess gateway = gateway("AutobahnIT-slow", service)) {
      var slow = Autobahn.slow(gateway.port());
      assertThat(Autobahn.failed(slow)).isEmpty();
      assertThat(slow).hasSize(SLOW);
      gateway.assertNoLeakLogged();
    }
  }

  private static GatewayProcess gateway(String name, WebSocketEcho service) {
    return GatewayProcess.start(
        name,
        ConfigRepo.create()
            .with("port", service.port())
            .upstreams("upstreams: {u: {endpoints: [\"http://127.0.0.1:@port@\"]}}")
            .routes("routes: {all: {match: {path: /**}, upstream: u}}"));
  }
}
