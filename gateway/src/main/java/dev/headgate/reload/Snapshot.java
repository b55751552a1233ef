package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a source held at one moment.
 *
 * @param files by name
 * @param problems of reading: what could not be read at all, or was too large to
 * @param digest SHA-256 in hex, over names, contents and problems: equal where nothing has changed
 */
public record Snapshot(List<ConfigFile> files, List<ConfigProblem> problems, String digest) {
  public Snapshot {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }

  /** A snapshot with its digest. */
  public static Snapshot of(List<ConfigFile> files, List<ConfigProblem> problems) {
    MessageDigest sha = sha256();
    for (ConfigFile file : files) {
      update(sha, file.name().getBytes(StandardCharsets.UTF_8));
      update(sha, file.content());
    }
    for (ConfigProblem problem : problems) {
      update(sha, problem.toString().getBytes(StandardCharsets.UTF_8));
    }
    return new Snapshot(files, problems, HexFormat.of().formatHex(sha.digest()));
  }

  // With its length before it, no text can pass for the end of one and the start of another.
  private static void update(MessageDigest sha, byte[] bytes) {
    sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    sha.update(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
