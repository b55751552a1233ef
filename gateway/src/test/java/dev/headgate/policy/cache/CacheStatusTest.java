package dev.headgate.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FailureReason;
import dev.headgate.policy.cache.CacheStatus.Forward;
import java.util.List;
import java.util.stream.Stream;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheStatusTest {
  private static final CacheStatus STALE = CacheStatus.forwarded(Forward.STALE);
  private static final CacheStatus MISS = CacheStatus.forwarded(Forward.URI_MISS);

  private static Arguments of(CacheStatus status, String text, String word) {
    return Arguments.of(status, text, word);
  }

  static Stream<Arguments> statuses() {
    return Stream.of(
        of(CacheStatus.hit(5, null), "Headgate; hit; ttl=5", "hit"),
        of(CacheStatus.hit(0, "x"), "Headgate; hit; ttl=0; detail=x", "stale"),
        of(
            CacheStatus.hit(-3, "stale-while-revalidate"),
            "Headgate; hit; ttl=-3; detail=stale-while-revalidate",
            "stale"),
        of(CacheStatus.notCached(), "Headgate; detail=only-if-cached", "only-if-cached"),
        of(MISS, "Headgate; fwd=uri-miss", "miss"),
        of(MISS.answered(200).kept(), "Headgate; fwd=uri-miss; stored", "miss"),
        of(MISS.answered(200).asCollapsed(), "Headgate; fwd=uri-miss; collapsed", "collapsed"),
        of(CacheStatus.forwarded(Forward.VARY_MISS), "Headgate; fwd=vary-miss", "miss"),
        of(CacheStatus.forwarded(Forward.METHOD), "Headgate; fwd=method", "bypass"),
        of(CacheStatus.forwarded(Forward.BYPASS), "Headgate; fwd=bypass", "bypass"),
        of(
            CacheStatus.forwarded(Forward.REQUEST).answered(200).kept(),
            "Headgate; fwd=request; fwd-status=200; stored",
            "miss"),
        of(STALE.answered(304), "Headgate; fwd=stale; fwd-status=304", "revalidated"),
        of(
            STALE.answered(304).asCollapsed(),
            "Headgate; fwd=stale; fwd-status=304; collapsed",
            "revalidated"),
        of(STALE.answered(200).kept(), "Headgate; fwd=stale; fwd-status=200; stored", "miss"),
        of(
            STALE.answered(503).onError(-4, null),
            "Headgate; fwd=stale; fwd-status=503; ttl=-4; detail=stale-if-error",
            "stale"),
        of(STALE.onError(-4, null), "Headgate; fwd=stale; ttl=-4; detail=stale-if-error", "stale"),
        of(
            STALE.onError(-4, FailureReason.BREAKER_OPEN),
            "Headgate; hit; ttl=-4; detail=stale-if-error",
            "stale"));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void eachIsToldInItsWords(CacheStatus status, String text, String word) {
    assertThat(status.text()).isEqualTo(text);
    assertThat(status.record().result()).isEqualTo(word);
    assertThat(status.record().status()).isEqualTo(text);
  }

  // RFC 9211 section 2: a list of structured items; hit and fwd exclude each other.
  @ParameterizedTest
  @MethodSource("statuses")
  void eachIsAStructuredField(CacheStatus status, String text, String word) {
    assertThat(new Parser(List.of("other; hit", status.text())).parseList().get()).hasSize(2);
    assertThat(text.contains("; hit") && text.contains("fwd=")).isFalse();
  }

  @Test
  void onlyFreshnessThatThereIsIsLogged() {
    assertThat(CacheStatus.hit(-3, null).record().ttl()).isEqualTo(-3);
    assertThat(MISS.record().ttl()).isNull();
  }
}
