package dev.headgate.samples;

import java.nio.file.Path;

/** What {@code headgate demo} prints once everything runs. */
final class Banner {
  private Banner() {}

  static String text(int port, int adminPort, Path log) {
    return """

        Headgate listens on http://127.0.0.1:%1$d and stands in front of the sample shop. Try:

          curl -i http://127.0.0.1:%1$d/users                        # all users, from users-v2
          curl -i -H 'X-API-Version: 1' http://127.0.0.1:%1$d/users/1 # the same user from users-v1: chosen by a header
          curl -i -d '{"userId":1,"item":"abacus"}' http://127.0.0.1:%1$d/api/orders
                                                                  # creates an order; /api is stripped on the way
          curl -i 'http://127.0.0.1:%1$d/echo/a%%2Fb?x=1'             # what a service receives: headers, path, request id
          curl -i 'http://127.0.0.1:%1$d/slow?ms=5000'               # too slow for its route: a 504 after 2 seconds
          curl -i http://127.0.0.1:%1$d/flaky/reset                  # a service that resets: a clear 502, never a bare 500
          curl -i http://127.0.0.1:%1$d/old-users                    # moved: a redirect by the gateway itself
          curl -i -X DELETE http://127.0.0.1:%1$d/hello              # a known path, but not that method: 405 with Allow
          curl -i http://127.0.0.1:%2$d/actuator/health/readiness     # health; metrics are at /actuator/prometheus

        Edit config-repo/routes/*.yml meanwhile: the next request sees it. The log is %3$s; the access log follows here.
        Ctrl-C stops everything.
        """
        .formatted(port, adminPort, log);
  }
}
