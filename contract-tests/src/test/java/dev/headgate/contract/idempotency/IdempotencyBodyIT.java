package dev.headgate.contract.idempotency;

import static dev.headgate.contract.idempotency.Caller.assertError;
import static dev.headgate.contract.idempotency.Caller.assertRan;
import static dev.headgate.contract.idempotency.Caller.assertReplayed;
import static dev.headgate.contract.idempotency.Caller.fresh;
import static dev.headgate.contract.idempotency.Caller.withKey;
import static dev.headgate.contract.idempotency.Embedded.CALLER;
import static dev.headgate.contract.idempotency.Embedded.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Answer;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.Http2Client;
import dev.headgate.contract.harness.Once;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.SharedGateway;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of every size and framing, both ways, over both versions of the protocol. */
@Once
class IdempotencyBodyIT {
  private static final String LARGE = "x".repeat(200_000);

  @RegisterExtension static final SharedGateway GATEWAY = Embedded.GATEWAY;

  /** In two chunks. */
  private static Response chunked(String target, String key, String body) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST " + target, withKey(key, "Transfer-Encoding: chunked"));
      int half = body.length() / 2;
      http.send(Answer.chunk(body.substring(0, half)));
      http.send(Answer.chunk(body.substring(half)) + "0\r\n\r\n");
      return http.response("POST");
    }
  }

  @Test
  void howABodyIsFramedMakesNoOtherRequest() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(chunked(target, key, Caller.BODY));

    assertReplayed(CALLER.post(target, key), first);
    assertReplayed(chunked(target, key, Caller.BODY), first);
    assertError(chunked(target, key, "other"), 422, "IDEMPOTENCY_KEY_REUSED");
    assertThat(SERVICE.calls(target).get(0).text()).isEqualTo(Caller.BODY);
  }

  @Test
  void noBodyIsABodyToo() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(RawHttp.call(GATEWAY.port(), "POST " + target, withKey(key)));

    assertReplayed(CALLER.send("POST " + target, key, ""), first);
    assertError(CALLER.post(target, key), 422, "IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void aLargeBodyIsComparedFromCompletionOn() throws Exception {
    String target = "/small/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.send("POST " + target, key, LARGE));

    assertThat(SERVICE.calls(target).get(0).text()).isEqualTo(LARGE);
    assertReplayed(CALLER.send("POST " + target, key, LARGE), first);
    assertReplayed(chunked(target, key, LARGE), first);
    String other = LARGE.substring(1) + "y";
    assertError(CALLER.send("POST " + target, key, other), 422, "IDEMPOTENCY_KEY_REUSED");
    assertError(CALLER.post(target, key), 422, "IDEMPOTENCY_KEY_REUSED");
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void aLargeBodyInChunksToo() throws Exception {
    String target = "/small/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(chunked(target, key, LARGE));

    assertReplayed(CALLER.send("POST " + target, key, LARGE), first);
    assertError(chunked(target, key, LARGE + "y"), 422, "IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void aRepeatWithALargeBodyWhileTheFirstRunsIsToldToComeAgain() throws Exception {
    String target = "/small/held/" + fresh();
    String key = fresh();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.requestWithBody("POST " + target, LARGE, withKey(key));
      SERVICE.await(target, 1);

      assertError(CALLER.send("POST " + target, key, LARGE), 409, "IDEMPOTENCY_IN_PROGRESS");

      SERVICE.release(target);
      assertRan(http.response("POST"));
    }
  }

  /** The first service never got it, so that another one may: none of the body is gone. */
  @Test
  void aLargeBodyIsWholeForWhatStandsIn() throws Exception {
    String target = "/spare-large/ok/" + fresh();

    Response known = CALLER.send("POST " + target, fresh(), LARGE);
    Response chunked = chunked(target, fresh(), LARGE);

    assertThat(known.status()).as("%s", known).isEqualTo(200);
    assertThat(chunked.status()).as("%s", chunked).isEqualTo(200);
    assertThat(Embedded.SPARE.calls(target)).hasSize(2).allMatch(c -> c.text().equals(LARGE));
  }

  @Test
  void orIsRefusedWhereTheRouteSaysSo() throws Exception {
    String target = "/strict/ok/" + fresh();
    String key = fresh();

    assertError(CALLER.send("POST " + target, key, LARGE), 413, "PAYLOAD_TOO_LARGE");
    assertError(chunked(target, key, LARGE), 413, "PAYLOAD_TOO_LARGE");

    assertThat(SERVICE.count(target)).isZero();
    assertRan(CALLER.send("POST " + target, key, "x".repeat(1_024)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "large-chunked"})
  void anAnswerThatIsTooLargePassesWholeAndIsNotRepeated(String what) throws Exception {
    String target = "/small/" + what + "/300000/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key));

    assertThat(first.complete()).isTrue();
    assertThat(first.body().length).isGreaterThanOrEqualTo(300_000);
    assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_RESPONSE_NOT_STORED");
    assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_RESPONSE_NOT_STORED");
    assertError(CALLER.send("POST " + target, key, "y"), 422, "IDEMPOTENCY_KEY_REUSED");
    assertThat(SERVICE.count(target)).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "large-chunked"})
  void oneOfTheVerySizeThatIsAllowedIsStored(String what) throws Exception {
    String target = "/pay/" + what + "/1000000/" + fresh();
    String key = fresh();

    Response first = assertRan(CALLER.post(target, key));

    assertThat(first.body().length).isBetween(1_000_000, 1 << 20);
    assertReplayed(CALLER.post(target, key), first);
  }

  @Test
  void aClientIsAskedForTheBodyThatItHoldsBack() throws Exception {
    String target = "/pay/ok/" + fresh();
    String key = fresh();

    Response first = assertRan(expecting(target, key));

    assertReplayed(expecting(target, key), first);
    assertThat(SERVICE.count(target)).isOne();
  }

  /** Sends its body when it is asked to, or answered. */
  private static Response expecting(String target, String key) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      String length = "Content-Length: " + Caller.BODY.length();
      http.request("POST " + target, withKey(key, "Expect: 100-continue", length));
      Head head = http.head();
      assertThat(head.startLine()).startsWith("HTTP/1.1 100");
      return http.send(Caller.BODY).response("POST");
    }
  }

  @Test
  void aClientThatHoldsItsBodyBackIsRefusedWithoutIt() throws Exception {
    String target = "/pay/ok/" + fresh();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      String length = "Content-Length: " + Caller.BODY.length();
      http.request("POST " + target, withKey("no key", "Expect: 100-continue", length));

      Response refused = http.response("POST");

      assertThat(refused.interim()).isEmpty();
      assertError(refused, 400, "IDEMPOTENCY_KEY_INVALID");
    }
  }

  @Test
  void bothVersionsOfTheProtocolKnowTheSameKeys() throws Exception {
    Http2Client http2 = new Http2Client();
    int tls = GATEWAY.process().port("tls");
    String target = "/tenants/ok/" + fresh();
    String key = fresh();
    String[] fields = withKey(key, "X-Tenant: red");

    Response first = assertRan(http2.post(tls, target, Caller.BODY, fields));

    assertReplayed(http2.post(tls, target, Caller.BODY, fields), first);
    assertReplayed(CALLER.post(target, key, "X-Tenant: red"), first);
    assertError(http2.post(tls, target, "other", fields), 422, "IDEMPOTENCY_KEY_REUSED");
    assertError(
        http2.post(tls, target, Caller.BODY, "Idempotency-Key: no key"),
        400,
        "IDEMPOTENCY_KEY_INVALID");
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void anEventStreamPassesAsItComesAndIsNotRepeated() throws Exception {
    String target = "/pay/events/" + fresh();
    String key = fresh();
    try (RawHttp http = CALLER.begin(target, key)) {
      assertThat(http.head().startLine()).startsWith("HTTP/1.1 200");
      byte[] event = http.chunk();
      assertThat(event).isNotNull();
      assertThat(new String(event, StandardCharsets.UTF_8)).startsWith("data: effect ");

      assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_RESPONSE_NOT_STORED");

      SERVICE.release(target);
      assertThat(http.chunk()).asString(StandardCharsets.UTF_8).isEqualTo("data: last\n\n");
      assertThat(http.chunk()).isEmpty();
    }
    assertError(CALLER.post(target, key), 409, "IDEMPOTENCY_RESPONSE_NOT_STORED");
    assertThat(SERVICE.count(target)).isOne();
  }

  @Test
  void trailersAreRepeatedToo() throws Exception {
    String target = "/pay/trailers/" + fresh();
    String key = fresh();

    String plain = whole("/optional/trailers/" + fresh());
    String first = whole(target, withKey(key));
    String again = whole(target, withKey(key));

    assertThat(plain).containsIgnoringCase("\r\nx-sum: 42\r\n");
    assertThat(first).containsIgnoringCase("\r\nx-sum: 42\r\n");
    assertThat(again)
        .containsIgnoringCase("\r\nx-sum: 42\r\n")
        .containsIgnoringCase("\r\nidempotent-replayed: true\r\n");
    assertThat(SERVICE.count(target)).isOne();
  }

  /** Every byte of an answer. */
  private static String whole(String target, String... fields) throws Exception {
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "TE: trailers";
    all[fields.length + 1] = "Connection: close, TE";
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.requestWithBody("POST " + target, Caller.BODY, all);
      return new String(http.rest(), StandardCharsets.ISO_8859_1);
    }
  }
}
