package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCreateParams;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.Secrets;
import dev.headgate.contract.harness.SharedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A client of other making: Stripe's own, which sends a key with every POST, and repeats what timed
 * out, what was in conflict and what failed with 500 or more.
 */
@Once
class StripeIT {
  private static final PaymentsService PAYMENTS = Embedded.PAYMENTS;

  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  /**
   * @param service {@code plain}, or {@code known} for the one that knows keys itself
   */
  private static PaymentIntent pay(String service, String description) throws StripeException {
    StripeClient client =
        StripeClient.builder()
            .setApiKey(Secrets.PLANTED)
            .setApiBase("http://127.0.0.1:" + GATEWAY.port() + "/" + service)
            .setMaxNetworkRetries(3)
            .setReadTimeout(900)
            .build();
    return client
        .v1()
        .paymentIntents()
        .create(
            PaymentIntentCreateParams.builder()
                .setAmount(500L)
                .setCurrency("eur")
                .setDescription(description)
                .build());
  }

  private static StripeException failing(String service, String description) {
    return catchThrowableOfType(StripeException.class, () -> pay(service, description));
  }

  private static void assertPaidOnce(PaymentIntent answer, String description) {
    assertThat(PAYMENTS.made(description)).hasSize(1);
    assertThat(answer.getId()).isEqualTo("pi_" + PAYMENTS.made(description).get(0));
    assertOneKey(description);
  }

  private static void assertOneKey(String description) {
    assertThat(PAYMENTS.keys(description)).isNotEmpty();
    assertThat(PAYMENTS.keys(description).stream().distinct()).hasSize(1);
  }

  @Test
  void whatGoesWellIsPaidOnce() throws Exception {
    assertPaidOnce(pay("plain", "well"), "well");
  }

  @Test
  void aPaymentThatTakesLongerThanTheClientWaitsIsPaidOnceAndAnswered() throws Exception {
    assertPaidOnce(pay("plain", "slow"), "slow");
    assertThat(PAYMENTS.keys("slow")).hasSize(1);
  }

  @Test
  void oneThatWasNotMadeAtFirstIsPaidOnceAndAnswered() throws Exception {
    assertPaidOnce(pay("plain", "busy"), "busy");
    assertThat(PAYMENTS.keys("busy")).hasSize(2);
  }

  @Test
  void oneThatFailedIsNotMadeAgain() {
    StripeException failure = failing("plain", "broken");

    assertThat(failure.getStatusCode()).isEqualTo(500);
    assertThat(PAYMENTS.made("broken")).hasSize(1);
    assertOneKey("broken");
  }

  @Test
  void oneWhoseOutcomeIsUnknownIsNotMadeAgain() {
    StripeException failure = failing("plain", "reset-plain");

    assertThat(failure.getStatusCode()).isEqualTo(409);
    assertThat(failure.getCode()).isEqualTo("IDEMPOTENCY_OUTCOME_UNKNOWN");
    assertThat(PAYMENTS.made("reset-plain")).hasSize(1);
  }

  @Test
  void aServiceThatKnowsKeysIsAskedUntilItAnswers() throws Exception {
    for (String description : new String[] {"reset-known", "silent-known"}) {
      assertPaidOnce(pay("known", description), description);
      assertThat(PAYMENTS.keys(description)).hasSize(2);
    }
  }
}
