package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.Certificate;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Traces;

/** One gateway with the store in its own process, for the classes that ask it about keys. */
final class Embedded {
  static final KeyedService SERVICE = new KeyedService();
  static final KeyedService SPARE = new KeyedService();
  static final PaymentsService PAYMENTS = new PaymentsService();
  static final Traces TRACES = new Traces();

  static final SharedGateway GATEWAY =
      SharedGateway.over(
              repo()
                  .with("service", SERVICE.url())
                  .with("spare", SPARE.url())
                  .with("payments", PAYMENTS.url())
                  .with("closed", ScriptedUpstream.closedPort())
                  .gateway(
                      """
                      spring.ssl.bundle.pem.web.keystore: {certificate: "@folder@/web.crt", private-key: "@folder@/web.key"}
                      headgate.listeners.tls: {port: 0, ssl: {bundle: web}}
                      spring.cloud.gateway.server.webflux.routes:
                        - id: mounted
                          uri: no://op
                          predicates: [Path=/mounted/**]
                          filters: [Headgate=pay]
                      """)
                  .upstreams(
                      """
                      upstreams:
                        service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none, retry-budget: {percent: 100%, minimum-per-second: 1000}}
                        spare: {endpoints: ["@spare@"]}
                        payments: {endpoints: ["@payments@"], circuit-breaker: none}
                        closed: {endpoints: ["http://127.0.0.1:@closed@"], circuit-breaker: none}
                        fragile: {endpoints: ["@service@"], circuit-breaker: {window: 10, minimum-calls: 5, open-for: 1m}}
                        narrow: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: {max-concurrent: 1, max-waiting: 0}}
                      """)
                  .routes(
                      """
                      defaults: {route: {retry: {max-attempts: 1}}}
                      routes:
                        pay: {match: {path: /pay/**}, upstream: service, idempotency: {required: true}}
                        optional: {match: {path: /optional/**}, upstream: service, idempotency: {required: false}}
                        puts: {match: {path: /puts/**}, upstream: service, idempotency: {required: true, methods: [PUT]}}
                        tenants: {match: {path: /tenants/**}, upstream: service, idempotency: {required: true, scope: [X-Tenant]}}
                        pairs: {match: {path: /pairs/**}, upstream: service, idempotency: {required: true, scope: [X-Tenant, X-User]}}
                        addresses: {match: {path: /addresses/**}, upstream: service, idempotency: {required: true, scope: [client-address]}}
                        both-one: {match: {path: /both/**, headers: {x-side: one}}, upstream: service, idempotency: {required: true, namespace: both}}
                        both-two: {match: {path: /both/**, headers: {x-side: two}}, upstream: service, idempotency: {required: true, namespace: both}}
                        alone-one: {match: {path: /alone/**, headers: {x-side: one}}, upstream: service, idempotency: {required: true}}
                        alone-two: {match: {path: /alone/**, headers: {x-side: two}}, upstream: service, idempotency: {required: true}}
                        versioned: {match: {path: /versioned/**}, versioning: {from: {header: X-Version}, versions: {"1": {upstream: service}, "2": {upstream: service}}}, idempotency: {required: true}}
                        patient: {match: {path: /patient/**}, upstream: service, idempotency: {required: true, wait: 5s}}
                        impatient: {match: {path: /impatient/**}, upstream: service, idempotency: {required: true, wait: 300ms}}
                        teapot: {match: {path: /teapot/**}, upstream: service, idempotency: {required: true, release-on: [418]}}
                        closed: {match: {path: /closed/**}, upstream: closed, idempotency: {required: true}}
                        fragile: {match: {path: /fragile/**}, upstream: fragile, idempotency: {required: false}}
                        narrow: {match: {path: /narrow/**}, upstream: narrow, idempotency: {required: true}}
                        late: {match: {path: /late/**}, upstream: service, timeout: {total: 400ms}, idempotency: {required: true}}
                        slow-try: {match: {path: /slow-try/**}, upstream: service, timeout: {total: 5s, per-try: 300ms}, idempotency: {required: true}}
                        fixed: {match: {path: /fixed/**}, upstream: closed, fallback: {status: 200, body: calm}, idempotency: {required: true}}
                        fixed-500: {match: {path: /fixed-500/**}, upstream: service, fallback: {on: [500], status: 203, body: calm}, idempotency: {required: true}}
                        fixed-late: {match: {path: /fixed-late/**}, upstream: service, timeout: {total: 400ms}, fallback: {status: 200, body: calm}, idempotency: {required: true}}
                        spare: {match: {path: /spare/**}, upstream: closed, fallback: {upstream: spare}, idempotency: {required: true}}
                        spare-large: {match: {path: /spare-large/**}, upstream: closed, fallback: {upstream: spare}, idempotency: {required: true, max-body: 1KiB}}
                        spare-late: {match: {path: /spare-late/**}, upstream: service, timeout: {total: 3s, per-try: 300ms}, fallback: {upstream: spare}, idempotency: {required: true}}
                        spare-502: {match: {path: /spare-502/**}, upstream: service, fallback: {upstream: spare}, idempotency: {required: true}}
                        again: {match: {path: /again/**}, upstream: service, idempotency: {required: true, upstream-idempotent: true}}
                        retried: {match: {path: /retried/**}, upstream: service, retry: {max-attempts: 3, backoff: {base: 10ms, max: 20ms}}, idempotency: {required: true, upstream-idempotent: true}}
                        small: {match: {path: /small/**}, upstream: service, idempotency: {required: true, max-body: 1KiB, max-response: 1KiB}}
                        strict: {match: {path: /strict/**}, upstream: service, idempotency: {required: true, max-body: 1KiB, large-body: reject}}
                        plain: {match: {path: /plain/**}, upstream: payments, idempotency: {required: true}}
                        known: {match: {path: /known/**}, upstream: payments, timeout: {total: 600ms}, idempotency: {required: true, upstream-idempotent: true}}
                        brief: {match: {path: /brief/**}, upstream: service, timeout: {total: 500ms}, idempotency: {required: true, ttl: 2s}}
                      """),
              TRACES.settings())
          .named("Idempotency")
          .forTheRun();

  static final Caller CALLER = new Caller(GATEWAY::port);

  private Embedded() {}

  private static ConfigRepo repo() {
    ConfigRepo repo = ConfigRepo.create();
    Certificate.of("web.test").writeTo(repo.folder(), "web");
    return repo.with("folder", repo.folder().toString());
  }
}
