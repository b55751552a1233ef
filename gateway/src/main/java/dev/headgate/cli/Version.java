package dev.headgate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
final class Version {
  private static final String BUILD_INFO = "/META-INF/build-info.properties";

  private Version() {}

  static String current() {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(BUILD_INFO)) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("build.version", "development");
  }
}
