package dev.headgate.policy.hygiene;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Specs;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** The fields in which a service tells what it runs on. */
enum SoftwareHeaders {
  HIDE,
  PASS;

  private static final AsciiString[] NAMES = {
    AsciiString.cached("server"),
    AsciiString.cached("x-powered-by"),
    AsciiString.cached("x-aspnet-version"),
    AsciiString.cached("x-aspnetmvc-version"),
    AsciiString.cached("x-generator"),
    AsciiString.cached("x-runtime"),
  };

  static final ConfigKey<SoftwareHeaders> KEY =
      new ConfigKey<>(
          "software-headers",
          Specs.enumOf(SoftwareHeaders.class),
          "Whether the fields in which the service tells what it runs on reach the client: Server, X-Powered-By, X-AspNet-Version, X-AspNetMvc-Version, X-Generator and X-Runtime. Hidden unless written.");

  static void remove(HttpHeaders headers) {
    for (AsciiString name : NAMES) {
      headers.remove(name);
    }
  }
}
