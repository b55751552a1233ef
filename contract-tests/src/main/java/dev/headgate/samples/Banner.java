package dev.headgate.samples;

import java.nio.file.Path;

/** What {@code headgate demo} prints once everything runs. */
final class Banner {
  private Banner() {}

  static String text(int port, int adminPort, Path log) {
    return """

        Headgate listens on http://127.0.0.1:%1$d and stands in front of the sample shop. Try:

          # All users, in version 2; then one of them in version 1, asked for in each of the four ways; and in one there is not.
          curl -i http://127.0.0.1:%1$d/users
          curl -i http://127.0.0.1:%1$d/v1/users/1
          curl -i http://127.0.0.1:%1$d/users/1?version=1
          curl -i -H 'X-API-Version: 1' http://127.0.0.1:%1$d/users/1
          curl -i -H 'Accept: application/json;version=1' http://127.0.0.1:%1$d/users/1
          curl -i http://127.0.0.1:%1$d/v9/users/1

          # Creates an order; /api is stripped on the way.
          curl -i -d '{"userId":1,"item":"abacus"}' http://127.0.0.1:%1$d/api/orders

          # What a service receives: the path byte for byte, headers, the request id.
          curl -i 'http://127.0.0.1:%1$d/echo/a%%2Fb?x=1'

          # Too slow for its route: a 504 after two seconds. A service that resets: a clear 502, never a bare 500.
          curl -i 'http://127.0.0.1:%1$d/slow?ms=5000'
          curl -i http://127.0.0.1:%1$d/flaky/reset

          # Fails every third time, and no client sees it: the last good answer stands in (Cache-Status, Age).
          for i in 1 2 3 4 5 6; do curl -si http://127.0.0.1:%1$d/kept/flaky | grep -iE '^HTTP|^cache-status'; done

          # Answered by the gateway itself: a redirect; and a known path with a method it does not have, 405 with Allow.
          curl -i http://127.0.0.1:%1$d/old-users
          curl -i -X DELETE http://127.0.0.1:%1$d/hello

          # Health; metrics are at /actuator/prometheus.
          curl -i http://127.0.0.1:%2$d/actuator/health/readiness

        Edit config-repo/routes/*.yml meanwhile: the next request sees it. The log is %3$s; the access log follows here.
        Ctrl-C stops everything.
        """
        .formatted(port, adminPort, log);
  }
}
