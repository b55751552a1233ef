package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostHeaderTest {
  @Test
  void isTheEndpointsOwn() {
    assertThat(new HostHeader.OfEndpoint().value("client", "endpoint")).isEqualTo("endpoint");
  }

  @Test
  void isTheClientsWhereThereIsOne() {
    assertThat(new HostHeader.Preserved().value("client", "endpoint")).isEqualTo("client");
    assertThat(new HostHeader.Preserved().value("", "endpoint")).isEqualTo("endpoint");
  }

  @Test
  void isAsWritten() {
    assertThat(new HostHeader.Literal("fixed").value("client", "endpoint")).isEqualTo("fixed");
  }
}
