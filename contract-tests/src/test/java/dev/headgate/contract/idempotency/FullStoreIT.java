package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.Scrape;
import dev.headgate.contract.harness.SharedGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store of one process has so many bytes and no more. */
@Once
class FullStoreIT {
  private static final KeyedService SERVICE = new KeyedService();

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("service", SERVICE.url())
              .gateway("headgate.store.embedded.max-size: 1MiB")
              .upstreams("upstreams: {service: {endpoints: [\"@service@\"]}}")
              .routes(
                  """
                  routes:
                    pay: {match: {path: /pay/**}, upstream: service, idempotency: {required: true}}
                  """));

  private static final Caller CALLER = new Caller(GATEWAY::port);

  @Test
  void itForgetsAnswersAndNeverThatAKeyWasUsedNorAClaim() throws Exception {
    String held = "/pay/held/" + fresh();
    String heldKey = fresh();
    try (RawHttp running = CALLER.begin(held, heldKey)) {
      SERVICE.await(held, 1);
      List<String> keys = new ArrayList<>();
      Response last = null;
      for (int i = 0; i < 12; i++) {
        String key = fresh();
        keys.add(key);
        last = assertRan(CALLER.post(target(key), key));
        assertThat(last.header("idempotency-status")).isNull();
      }

      String oldest = keys.get(0);
      String newest = keys.get(keys.size() - 1);
      assertError(CALLER.post(target(oldest), oldest), 409, "IDEMPOTENCY_RESPONSE_NOT_STORED");
      assertReplayed(CALLER.post(target(newest), newest), Objects.requireNonNull(last));
      for (String key : keys) {
        assertThat(CALLER.post(target(key), key).status()).isIn(200, 409);
        assertThat(SERVICE.count(target(key))).isOne();
      }
      assertError(CALLER.post(held, heldKey), 409, "IDEMPOTENCY_IN_PROGRESS");
      SERVICE.release(held);
      assertRan(running.response("POST"));
      assertThat(Scrape.of(GATEWAY.process()).sum("headgate_store_bytes"))
          .isBetween(200_000.0, 1_048_576.0);
    }
  }

  private static String target(String key) {
    return "/pay/large/200000/" + key;
  }
}
