package dev.headgate.policy.version;

import dev.headgate.config.VersioningConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a version that will not stay: {@code Deprecation} (RFC 9745), {@code Sunset} (RFC
 * 8594), and {@code Link} (RFC 8288) to the page about it. What the service says itself stays.
 *
 * @param deprecation {@code @} and the seconds since the epoch, or null
 * @param sunset an IMF-fixdate, or null
 * @param deprecationLink the whole field's value, or null
 * @param sunsetLink the same
 */
record LifeCycle(
    @Nullable String deprecation,
    @Nullable String sunset,
    @Nullable String deprecationLink,
    @Nullable String sunsetLink) {
  private static final AsciiString DEPRECATION = AsciiString.cached("deprecation");
  private static final AsciiString SUNSET = AsciiString.cached("sunset");
  private static final AsciiString LINK = AsciiString.cached("link");

  // RFC 9110 section 5.6.7; Java's own RFC 1123 leaves a zero of the day out.
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** Null where there is nothing to say. */
  static @Nullable LifeCycle of(VersioningConfig.Version version) {
    LocalDate deprecated = version.deprecated();
    LocalDate sunset = version.sunset();
    if (deprecated == null && sunset == null) {
      return null;
    }
    String docs = version.docs();
    return new LifeCycle(
        deprecated == null ? null : "@" + VersionFactory.beginning(deprecated).getEpochSecond(),
        sunset == null ? null : IMF_FIXDATE.format(VersionFactory.beginning(sunset)),
        deprecated == null || docs == null ? null : link(docs, "deprecation"),
        sunset == null || docs == null ? null : link(docs, "sunset"));
  }

  private static String link(String docs, String relation) {
    return "<" + docs + ">; rel=\"" + relation + "\"";
  }

  void tell(HttpHeaders response) {
    if (deprecation != null && !response.contains(DEPRECATION)) {
      response.set(DEPRECATION, deprecation);
    }
    if (sunset != null && !response.contains(SUNSET)) {
      response.set(SUNSET, sunset);
    }
    if (deprecationLink != null && !Links.relate(response, "deprecation")) {
      response.add(LINK, deprecationLink);
    }
    if (sunsetLink != null && !Links.relate(response, "sunset")) {
      response.add(LINK, sunsetLink);
    }
  }
}
