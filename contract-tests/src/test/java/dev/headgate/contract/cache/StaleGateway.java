package dev.headgate.contract.cache;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.SharedGateway;

/** One gateway for what is served stale. */
final class StaleGateway {
  static final CachedService SERVICE = new CachedService();

  /** A service that one test ends. */
  static final CachedService GOING = new CachedService();

  static final SharedGateway GATEWAY =
      SharedGateway.over(
              ConfigRepo.create()
                  .with("service", SERVICE.url())
                  .with("going", GOING.url())
                  .upstreams(
                      """
                      upstreams:
                        service: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: none}
                        going: {endpoints: ["@going@"], circuit-breaker: none}
                        fragile: {endpoints: ["@service@"], circuit-breaker: {window: 20, minimum-calls: 10, open-for: 1m}}
                        narrow: {endpoints: ["@service@"], circuit-breaker: none, bulkhead: {max-concurrent: 1, max-waiting: 0}}
                      """)
                  .routes(
                      """
                      defaults: {route: {retry: {max-attempts: 1}}}
                      routes:
                        origin: {match: {path: /origin/**}, upstream: service, cache: {}}
                        refreshed: {match: {path: /refreshed/**}, upstream: service, cache: {stale-while-revalidate: 10m}}
                        erring: {match: {path: /erring/**}, upstream: service, cache: {stale-if-error: 10m}}
                        going: {match: {path: /going/**}, upstream: going, cache: {stale-if-error: 10m}}
                        fragile: {match: {path: /fragile/**}, upstream: fragile, cache: {stale-if-error: 10m}}
                        narrow: {match: {path: /narrow/**}, upstream: narrow, cache: {stale-if-error: 10m}}
                        late: {match: {path: /late/**}, upstream: service, timeout: {total: 400ms}, cache: {stale-if-error: 10m}}
                        late-try: {match: {path: /late-try/**}, upstream: service, timeout: {total: 5s, per-try: 400ms}, cache: {stale-if-error: 10m}}
                      """))
          .named("StaleCache")
          .forTheRun();

  private StaleGateway() {}

  static Page page(String prefix) {
    return Page.fresh(SERVICE, GATEWAY::port, prefix);
  }
}
