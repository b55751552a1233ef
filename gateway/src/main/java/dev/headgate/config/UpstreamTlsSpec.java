package dev.headgate.config;

import java.util.regex.Pattern;

/** The keys of an upstream's {@code tls}. */
final class UpstreamTlsSpec {
  /** Keys of a map in Spring's properties, which drop all other characters. */
  private static final Pattern BUNDLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

  /** RFC 6066 section 3: a DNS name, without a trailing dot; no address. */
  private static final Pattern SERVER_NAME =
      Pattern.compile(
          "(?![0-9.]+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?){0,30}");

  private static final Field<String> NAME_OF_BUNDLE =
      Field.optional(
          "bundle",
          Specs.text(BUNDLE, ProblemCode.BAD_VALUE, "the name of an SSL bundle of gateway.yml"),
          "An SSL bundle of gateway.yml, spring.ssl.bundle.pem.NAME or spring.ssl.bundle.jks.NAME: the authorities trusted, the client certificate, protocols and ciphers. The JVM's trust, and no client certificate, unless written.");

  private static final Field<Boolean> VERIFY_HOSTNAME =
      Field.withDefault(
          "verify-hostname",
          Specs.bool(),
          "true",
          "Whether the service's certificate must be one for the endpoint's host, or for server-name. Without it whoever holds any trusted certificate can pass for the service.");

  private static final Field<String> SERVER_NAME_FIELD =
      Field.optional(
          "server-name",
          Specs.text(SERVER_NAME, ProblemCode.BAD_HOST, "a DNS name"),
          "The name sent as SNI, and the one that is verified, instead of the endpoint's host. Without it SNI is the endpoint's host, and none is sent for an IP address.");

  static final ObjectSpec<UpstreamTlsConfig> TLS =
      Specs.object(
          v ->
              new UpstreamTlsConfig(
                  v.find(NAME_OF_BUNDLE), v.get(VERIFY_HOSTNAME), v.find(SERVER_NAME_FIELD)),
          NAME_OF_BUNDLE,
          VERIFY_HOSTNAME,
          SERVER_NAME_FIELD);

  private UpstreamTlsSpec() {}
}
