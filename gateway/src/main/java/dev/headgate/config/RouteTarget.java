package dev.headgate.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a route's answer comes from. */
public sealed interface RouteTarget {
  /**
   * From a service.
   *
   * @param upstream id of an upstream of the same set
   */
  record ToUpstream(String upstream) implements RouteTarget {}

  /** From the service that has the version a request asks for. */
  record Versioned(VersioningConfig versioning) implements RouteTarget {}

  /**
   * From elsewhere: the client is sent there.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param location as written
   */
  record Redirect(int status, String location) implements RouteTarget {}

  /**
   * From the gateway itself.
   *
   * @param status 200 to 599, 200 unless written
   * @param body sent as UTF-8; empty unless written
   * @param contentType null to send none
   * @param headers further headers, by name as written
   */
  record Respond(int status, String body, @Nullable String contentType, Map<String, String> headers)
      implements RouteTarget {
    public Respond {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
  }
}
