package dev.headgate.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The content of one file of a configuration. */
public final class ConfigFile {
  private final String name;
  private final byte[] content;

  /**
   * @param name path below the root, with {@code /}, such as {@code routes/users.yml}
   * @param content its bytes, UTF-8; not copied, so not to be changed afterwards
   */
  public ConfigFile(String name, byte[] content) {
    this.name = name;
    this.content = content;
  }

  /** A file from text, for tests. */
  public static ConfigFile of(String name, String text) {
    return new ConfigFile(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Path below the root, with {@code /}. */
  public String name() {
    return name;
  }

  /** The bytes themselves, not a copy. */
  public byte[] content() {
    return content;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfigFile file
        && file.name.equals(name)
        && Arrays.equals(file.content, content);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return name + " (" + content.length + " bytes)";
  }
}
