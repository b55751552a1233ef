package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.upstream.UpstreamRegistry.PoolStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Names with several addresses, followed with the clock moved by hand. */
class NameResolutionTest {
  private final VirtualUpstreams upstreams = new VirtualUpstreams();

  private Upstream named(String keys) {
    return upstreams.table("endpoints: ['http://users:8080'], dns-refresh: 5s" + keys);
  }

  private Set<String> picked(Upstream upstream) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      GatewayExchange exchange = upstreams.exchange();
      names.add(upstream.pick(exchange, exchange.currentTry()).name());
    }
    return names;
  }

  private void refresh() {
    upstreams.advance(Duration.ofMillis(5_501));
  }

  @Test
  void beforeTheFirstAnswerTheNameItselfIsUsed() {
    assertThat(picked(named(""))).containsExactly("users:8080");
    assertThat(upstreams.questions).hasSize(1);
  }

  @Test
  void aSingleAddressChangesNothing() throws Exception {
    Upstream upstream = named("");
    upstreams.answer("10.0.0.1");
    refresh();
    upstreams.answer("10.0.0.2");

    assertThat(picked(upstream)).containsExactly("users:8080");
    assertThat(upstreams.events("addresses-changed")).isZero();
  }

  @Test
  void severalAddressesAreSpreadOverAndKeepTheNameForHostAndTls() throws Exception {
    Upstream upstream = named("");
    upstreams.answer("10.0.0.2", "10.0.0.1");

    assertThat(picked(upstream)).containsExactly("users:8080/10.0.0.1", "users:8080/10.0.0.2");
    GatewayExchange exchange = upstreams.exchange();
    assertThat(upstream.pick(exchange, exchange.currentTry()).authority()).isEqualTo("users:8080");
    assertThat(upstreams.events("addresses-changed")).isEqualTo(1);
  }

  @Test
  void addressesJoinAndLeaveWhileTheOthersKeepTheirState() throws Exception {
    Upstream upstream = named("");
    upstreams.answer("10.0.0.1", "10.0.0.2");
    EndpointState stays = upstream.endpoints().get(1);
    stays.begun();
    refresh();
    upstreams.answer("10.0.0.3", "10.0.0.2");

    assertThat(picked(upstream)).containsExactly("users:8080/10.0.0.2", "users:8080/10.0.0.3");
    assertThat(upstream.endpoints().get(0)).isSameAs(stays);
    assertThat(upstreams.registry().pools())
        .extracting(PoolStatus::endpoint)
        .contains("users:8080/10.0.0.2", "users:8080/10.0.0.3")
        .doesNotContain("users:8080/10.0.0.1");
    refresh();
    upstreams.answer("10.0.0.2");
    assertThat(upstream.endpoints()).containsExactly(stays);
    assertThat(stays.active()).isEqualTo(1);
  }

  @Test
  void anotherOrderIsNoChange() throws Exception {
    Upstream upstream = named("");
    upstreams.answer("10.0.0.1", "10.0.0.2");
    List<EndpointState> before = upstream.endpoints();
    refresh();
    upstreams.answer("10.0.0.2", "10.0.0.1");

    assertThat(upstream.endpoints()).isEqualTo(before);
    assertThat(upstreams.events("addresses-changed")).isEqualTo(1);
  }

  @Test
  void anAnswerThatFailsOrIsEmptyKeepsTheLastGoodSet() throws Exception {
    Upstream upstream = named("");
    upstreams.answer("10.0.0.1", "10.0.0.2");
    refresh();
    upstreams.answer(new UnknownHostException("users"));
    assertThat(picked(upstream)).hasSize(2);
    refresh();
    upstreams.answer();
    assertThat(picked(upstream)).hasSize(2);
    refresh();
    assertThat(upstreams.questions).hasSize(1);
  }

  @Test
  void oneQuestionAtATime() {
    named("");
    upstreams.advance(Duration.ofSeconds(60));

    assertThat(upstreams.questions).hasSize(1);
  }

  @Test
  void anAddressThatJoinsStartsSlowlyTheFirstOnesDoNot() throws Exception {
    Upstream upstream = named(", slow-start: 1h");
    upstreams.answer("10.0.0.1", "10.0.0.2");
    List<EndpointState> first = upstream.endpoints();
    refresh();
    upstreams.answer("10.0.0.1", "10.0.0.2", "10.0.0.3");

    assertThat(first).allMatch(e -> e.sinceJoined(upstreams.now()) == Long.MAX_VALUE);
    assertThat(upstream.endpoints().get(2).sinceJoined(upstreams.now())).isLessThan(1_000_000_000);
  }

  @Test
  void addressesOutliveAReload() throws Exception {
    named("");
    upstreams.answer("10.0.0.1", "10.0.0.2");
    List<EndpointState> before = named("").endpoints();

    Upstream after = named(", load-balancing: least-requests");

    assertThat(after.endpoints()).hasSize(2).isEqualTo(before);
    assertThat(upstreams.questions).isEmpty();
  }

  @Test
  void nobodyAsksForAnUpstreamThatHasGone() throws Exception {
    named("");
    upstreams.answer("10.0.0.1", "10.0.0.2");

    upstreams.emptyTable();

    assertThat(upstreams.nothingScheduled()).isTrue();
    assertThat(upstreams.registry().pools()).isEmpty();
  }

  @Test
  void anAnswerAfterItsUpstreamHasGoneDoesNothing() throws Exception {
    Upstream upstream = named("");
    upstreams.emptyTable();

    upstreams.answer("10.0.0.1", "10.0.0.2");

    assertThat(upstream.endpoints()).hasSize(1);
    assertThat(upstreams.nothingScheduled()).isTrue();
  }

  @Test
  void addressesAndLocalhostAreNotAskedFor() {
    upstreams.table("endpoints: ['http://10.0.0.1', 'http://[::1]:80', 'http://localhost:1']");

    assertThat(upstreams.questions).isEmpty();
    assertThat(upstreams.nothingScheduled()).isTrue();
  }

  @Test
  void ofTwoFamiliesTheResolversFirstIsUsed() throws Exception {
    InetSocketAddress four = new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 1);
    InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("::2"), 1);

    assertThat(NameResolution.usable(List.of(four, six))).containsExactly(four.getAddress());
    assertThat(NameResolution.usable(List.of(six, four, six))).containsExactly(six.getAddress());
  }
}
