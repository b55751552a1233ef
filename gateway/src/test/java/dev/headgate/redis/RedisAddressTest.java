package dev.headgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://127.0.0.1                                    | redis://127.0.0.1:6379
          redis://user:secret@redis_1:7000/2                   | redis://redis_1:7000
          rediss://secret@cache.example?verifyPeer=CA          | rediss://cache.example:6379
          redis://[::1]:7000                                   | redis://[::1]:7000
          redis://a:1, redis://b:2                             | redis://a:1,redis://b:2
          redis-sentinel://secret@a:26379,b:26380/0#main       | redis-sentinel://a:26379,b:26380#main
          """)
  void isToldWithoutCredentials(String uri, String told) {
    assertThat(RedisAddress.parse(uri)).hasToString(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1:6379",
        "http://secret@a",
        "redis://:secret@",
        "redis://u:secret@a:x",
        "redis://u:secret@a:1,",
        "redis://u:secret@a:99999",
        "redis://u:sec ret@a:1",
        "redis-sentinel://secret@a:1",
        "redis-sentinel://"
      })
  void whatIsNoneIsRefusedWithoutBeingRepeated(String uri) {
    assertThatThrownBy(() -> RedisAddress.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ")
        .hasMessageNotContaining("secret");
  }
}
