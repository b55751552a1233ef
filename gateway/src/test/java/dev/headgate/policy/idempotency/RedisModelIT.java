package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.redis.RedisScript;
import dev.headgate.redis.RedisSettings;
import dev.headgate.testing.Property;
import dev.headgate.testing.RedisProcess;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisModelIT {
  private static final int LIVES = 40;
  private static final AtomicInteger LIFE = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private static RedisProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void live(StoreScripts scripts, int lives) {
    RedisSettings settings = new RedisSettings(server.uri(), Duration.ofSeconds(5), 0, () -> null);
    Seal seal = new Seal(true, SealKeys.parse("k:AAAAAAAAAAAAAAAAAAAAAA=="), new SecureRandom());
    try (RedisStores stores = new RedisStores(settings, seal, scripts)) {
      RedisFaultsIT.eventually(() -> stores.redis.status().up());
      Property.forAll(
          lives,
          random -> {
            server.say("FLUSHALL");
            new StoreModel(
                    stores.store,
                    time -> RedisStores.age(server, time),
                    random,
                    "m" + LIFE.incrementAndGet() + ":")
                .live();
          });
    }
  }

  @Test
  void theStoreIsTheModel() {
    live(StoreScripts.standard(), LIVES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          CLAIM     | if head == '' then            | if head == '' or claimed and not live then
          CLAIM     | live and token == ARGV[1]     | live
          TAKE_OVER | token == ARGV[5] and          |
          TAKE_OVER | claimed and not live          | claimed
          TAKE_OVER | '1O'                          | '1C'
          RENEW     | not live or                   |
          RENEW     | or token ~= ARGV[1]           |
          CLAIM     | ARGV[3] + ARGV[4]             | ARGV[4]
          TAKE_OVER | ARGV[3] + ARGV[4]             | ARGV[4]
          RENEW     | PEXPIRE                       | PTTL
          RENEW     | kept + longer                 | ARGV[2]
          SETTLE    | or token ~= ARGV[1]           |
          SETTLE    | if not live then              | if false then
          SETTLE    | 'PX', ARGV[4]                 | 'KEEPTTL'
          RELEASE   | or token ~= ARGV[1]           |
          RELEASE   | if not live then              | if false then
          RELEASE   | if state == 'O' then          | if false then
          """)
  void aMistakeIsFound(String script, String right, String wrong) {
    assertThatThrownBy(() -> live(mutant(script, right, wrong == null ? "" : wrong), 12 * LIVES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(Property.SEED);
  }

  private static StoreScripts mutant(String script, String right, String wrong) {
    return new StoreScripts(
        changed(script.equals("CLAIM"), StoreScripts.CLAIM, right, wrong),
        changed(script.equals("TAKE_OVER"), StoreScripts.TAKE_OVER, right, wrong),
        changed(script.equals("RENEW"), StoreScripts.RENEW, right, wrong),
        changed(script.equals("SETTLE"), StoreScripts.SETTLE, right, wrong),
        changed(script.equals("RELEASE"), StoreScripts.RELEASE, right, wrong),
        RedisScript.of(StoreScripts.TAKE_BACK),
        RedisScript.of(StoreScripts.FIND),
        RedisScript.of(StoreScripts.CLEAR));
  }

  private static RedisScript changed(boolean here, String text, String right, String wrong) {
    if (!here) {
      return RedisScript.of(text);
    }
    // What stands before the script's own lines is the same for all.
    int at = text.lastIndexOf(right);
    assertThat(at).as(right).isPositive();
    return RedisScript.of(text.substring(0, at) + wrong + text.substring(at + right.length()));
  }
}
