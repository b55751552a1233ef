package dev.headgate.contract.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A config repo in a temporary folder. In texts, {@code @name@} stands for what {@link #with} gave.
 */
public final class ConfigRepo {
  private final Path folder;
  private final Map<String, String> values = new LinkedHashMap<>();

  private ConfigRepo(Path folder) {
    this.folder = folder;
  }

  public static ConfigRepo create() {
    try {
      ConfigRepo repo = new ConfigRepo(Files.createTempDirectory("headgate-repo"));
      Files.createDirectories(repo.folder.resolve("upstreams"));
      Files.createDirectories(repo.folder.resolve("routes"));
      return repo;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public ConfigRepo with(String name, String value) {
    values.put(name, value);
    return this;
  }

  public ConfigRepo with(String name, int value) {
    return with(name, Integer.toString(value));
  }

  public ConfigRepo gateway(String yaml) {
    return write("gateway.yml", yaml);
  }

  public ConfigRepo upstreams(String yaml) {
    return write("upstreams/test.yml", yaml);
  }

  public ConfigRepo routes(String yaml) {
    return write("routes/test.yml", yaml);
  }

  /** Writes a file as editors do: whole, by a rename. */
  public ConfigRepo write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Path fresh = Files.createTempFile(folder.getParent(), "headgate", ".new");
      Files.writeString(fresh, filled(text));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public ConfigRepo delete(String name) {
    try {
      Files.delete(folder.resolve(name));
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("@" + value.getKey() + "@", value.getValue());
    }
    return filled;
  }

  public Path folder() {
    return folder;
  }

  public Path file(String name) {
    return folder.resolve(name);
  }
}
