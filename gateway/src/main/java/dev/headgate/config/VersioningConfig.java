package dev.headgate.config;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a route, and how a request says which it wants.
 *
 * @param from where it may say so
 * @param defaultVersion serves those that say none, as written; null where they are refused
 * @param match which version serves what is asked for, where they are numbers
 * @param scheme how versions are written
 * @param afterSunset what becomes of requests for a version whose sunset has passed
 * @param versions by what they are called, as written; one or more
 */
public record VersioningConfig(
    From from,
    @Nullable String defaultVersion,
    Match match,
    Scheme scheme,
    AfterSunset afterSunset,
    Map<String, Version> versions) {

  public VersioningConfig {
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
  }

  /**
   * The places where a request may say its version; at least one.
   *
   * @param path such as {@code /v{version}}: what stands before the route's own path; or null
   * @param acceptParameter name of a parameter of the media ranges in {@code Accept}, or null
   * @param header name of a header, or null
   * @param query name of a query parameter, or null
   */
  public record From(
      @Nullable String path,
      @Nullable String acceptParameter,
      @Nullable String header,
      @Nullable String query) {}

  /** Which version serves what is asked for. */
  public enum Match {
    /** That one alone. */
    EXACT,
    /** {@code 2} is served by the highest 2.x. */
    COMPATIBLE
  }

  /** How versions are written. */
  public enum Scheme {
    /** {@code 2}, {@code 2.1} or {@code 2.1.3}. */
    NUMBER,
    /** {@code 2026-11-01}, which serves that day and those after it, up to the next version. */
    DATE
  }

  /** What becomes of requests for a version whose sunset has passed. */
  public enum AfterSunset {
    /** 410. */
    REFUSE,
    /** Served on. */
    SERVE
  }

  /**
   * One version.
   *
   * @param upstream id of an upstream of the same set
   * @param rewrite how the path changes, instead of the route's own {@code rewrite}; or null
   * @param deprecated from the beginning of this day (UTC) it should not be used, or null
   * @param sunset from the beginning of this day (UTC) it is gone, not before deprecated; or null
   * @param docs URL of a page that tells what to do, or null
   */
  public record Version(
      String upstream,
      @Nullable RewriteConfig rewrite,
      @Nullable LocalDate deprecated,
      @Nullable LocalDate sunset,
      @Nullable String docs) {}
}
