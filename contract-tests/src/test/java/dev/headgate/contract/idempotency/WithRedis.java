package dev.headgate.contract.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Eventually;
import dev.headgate.contract.harness.RedisServer;
import dev.headgate.contract.harness.Response;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.Secrets;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Two gateways that share a Redis. One logs in by a password and deflates what it keeps; the other
 * comes by TLS, and has already changed to the next of the two keys by which both encrypt.
 */
final class WithRedis {
  /** How long a claim of these routes lasts without its gateway. */
  static final int LEASE_SECONDS = 7;

  static final KeyedService SERVICE = new KeyedService();
  static final RedisServer REDIS;
  static final TcpProxy TO_REDIS;
  static final TcpProxy TO_REDIS_BY_TLS;
  static final SharedGateway ONE;
  static final SharedGateway TWO;
  static final Caller AT_ONE = new Caller(() -> one().port());
  static final Caller AT_TWO = new Caller(() -> two().port());

  private static final String ROUTES =
      """
      defaults: {route: {timeout: {total: 2s}, retry: {max-attempts: 1}}}
      routes:
        pay: {match: {path: /pay/**}, upstream: service, idempotency: {required: true, scope: [X-Tenant]}}
        patient: {match: {path: /patient/**}, upstream: service, timeout: {total: 10s}, idempotency: {required: true, scope: [X-Tenant], wait: 5s}}
        open: {match: {path: /open/**}, upstream: service, idempotency: {required: true, scope: [X-Tenant], on-store-failure: proceed}}
        again: {match: {path: /again/**}, upstream: service, idempotency: {required: true, scope: [X-Tenant], upstream-idempotent: true}}
      """;

  static {
    Certificate certificate = Certificate.of("localhost");
    ConfigRepo one = repo();
    ConfigRepo two = repo();
    certificate.writeTo(one.folder(), "redis");
    certificate.writeTo(two.folder(), "redis");
    int tls = ScriptedUpstream.closedPort();
    REDIS =
        RedisServer.start(
            "tls-port " + tls,
            "tls-cert-file " + one.file("redis.crt"),
            "tls-key-file " + one.file("redis.key"),
            "tls-auth-clients no",
            "user gateway on >" + Secrets.PLANTED + " ~* &* +@all -flushall -config -debug");
    TO_REDIS = TcpProxy.to(REDIS.port());
    TO_REDIS_BY_TLS = TcpProxy.to(tls);
    String user = "gateway:" + Secrets.PLANTED + "@";
    one.gateway(
            """
            headgate.store:
              redis.uri: redis://@user@127.0.0.1:@port@
              compression: deflate
              encryption.key-file: "@folder@/keys"
            """
                .replace("@user@", user)
                .replace("@port@", Integer.toString(TO_REDIS.port())))
        .write("keys", "# As it was.\n" + key("first", 1) + key("second", 2));
    two.gateway(
            """
            spring.ssl.bundle.pem.redis.truststore.certificate: "@folder@/redis.crt"
            headgate.store:
              redis.uri: rediss://@user@localhost:@port@
              redis.ssl-bundle: redis
              encryption.key-file: "@folder@/keys"
              readiness: true
            """
                .replace("@user@", user)
                .replace("@port@", Integer.toString(TO_REDIS_BY_TLS.port())))
        .write("keys", key("second", 2) + key("first", 1));
    ONE = SharedGateway.over(one).named("Redis/one").forTheRun();
    TWO = SharedGateway.over(two).named("Redis/two").forTheRun();
  }

  private WithRedis() {}

  static SharedGateway one() {
    return ONE;
  }

  static SharedGateway two() {
    return TWO;
  }

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    return repo.with("service", SERVICE.url())
        .with("folder", repo.folder().toString())
        .upstreams("upstreams: {service: {endpoints: [\"@service@\"], circuit-breaker: none}}")
        .routes(ROUTES);
  }

  /** A line of a file of keys. */
  private static String key(String id, int octet) {
    byte[] octets = new byte[32];
    octets[0] = (byte) octet;
    return id + ":" + Base64.getEncoder().encodeToString(octets) + "\n";
  }

  /** Of one more gateway over the repo of another. */
  static Path freshState() throws IOException {
    return Files.createTempDirectory("headgate-state");
  }

  /** What a repeat gets once the first is over, and the store can be asked. */
  static Response afterwards(Caller caller, String target, String key) throws IOException {
    return Eventually.get(
        "an answer that is final",
        () -> {
          Response response = caller.post(target, key);
          boolean early =
              response.status() == 503
                  || (response.status() == 409
                      && response.errorCode().equals("IDEMPOTENCY_IN_PROGRESS"));
          return early ? Optional.empty() : Optional.of(response);
        });
  }

  /** Both gateways serve keyed requests. */
  static void awaitWell() {
    for (Caller caller : List.of(AT_ONE, AT_TWO)) {
      Eventually.holds(
          () ->
              assertThat(caller.post("/pay/ok/" + Caller.fresh(), Caller.fresh()).status())
                  .isEqualTo(200));
    }
  }
}
