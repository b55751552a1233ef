package dev.headgate.contract.cache;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.Traces;

/** One gateway for the classes that ask what RFC 9111 says of single requests. */
final class CacheGateway {
  static final CachedService SERVICE = new CachedService();
  static final Traces TRACES = new Traces();

  static final SharedGateway GATEWAY =
      SharedGateway.over(
              ConfigRepo.create()
                  .with("service", SERVICE.url())
                  .with("closed", ScriptedUpstream.closedPort())
                  .upstreams(
                      """
                      upstreams:
                        service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none}
                        closed: {endpoints: ["http://127.0.0.1:@closed@"], circuit-breaker: none}
                      """)
                  .routes(
                      """
                      defaults: {route: {retry: {max-attempts: 1}}}
                      routes:
                        plain: {match: {path: /plain/**}, upstream: service, cache: {}}
                        uncached: {match: {path: /uncached/**}, upstream: service}
                        lasting: {match: {path: /lasting/**}, upstream: service, cache: {default-ttl: 60s}}
                        small: {match: {path: /small/**}, upstream: service, cache: {max-entry: 4KiB}}
                        packed: {match: {path: /packed/**}, upstream: service, compression: {encodings: [gzip], min-size: 1KiB}, cache: {}}
                        tenants: {match: {path: /tenants/**}, upstream: service, cache: {vary-by: [X-Tenant]}}
                        users: {match: {path: /users/**}, upstream: service, cache: {vary-by: [X-Tenant, X-User]}}
                        callers: {match: {path: /callers/**}, upstream: service, cache: {vary-by: [principal]}}
                        sorted: {match: {path: /sorted/**}, upstream: service, cache: {query: {sort: true}}}
                        ignoring: {match: {path: /ignoring/**}, upstream: service, cache: {query: {ignore: ["utm_*", session]}}}
                        only: {match: {path: /only/**}, upstream: service, cache: {query: {only: [page]}}}
                        versioned: {match: {path: /versioned/**}, versioning: {from: {header: X-Version}, default: "1", versions: {"1": {upstream: service}, "2": {upstream: service}}}, cache: {}}
                        read: {match: {path: /split/**, methods: [GET, HEAD]}, upstream: service, cache: {}}
                        write: {match: {path: /split/**, methods: [POST, PUT, DELETE]}, upstream: service}
                        erring: {match: {path: /erring/**}, upstream: service, cache: {stale-if-error: 10m}}
                        tagged: {match: {path: /tagged/**}, upstream: service, cache: {tags-from: Cache-Tag, stale-if-error: 10m}}
                        counted: {match: {path: /counted/**}, upstream: service, cache: {max-entry: 4KiB, stale-if-error: 10m}}
                        closed: {match: {path: /closed/**}, upstream: closed, cache: {default-ttl: 60s}}
                      """),
              TRACES.settings())
          .named("Cache")
          .forTheRun();

  private CacheGateway() {}

  /** A page of a route that says {@code cache: {}}. */
  static Page plain() {
    return page("/plain");
  }

  static Page page(String prefix) {
    return Page.fresh(SERVICE, GATEWAY::port, prefix);
  }
}
