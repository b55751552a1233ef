package dev.headgate.contract.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The gateway's jar, unpacked as Boot's own tool does it, and an archive of the classes that a
 * start loads. Some sixty processes are started in a run of these tests: a start costs 15 seconds
 * of CPU time from the jar as it is shipped, 12 unpacked and 7 with the archive (JDK 17, two slow
 * cores). Made once for a jar and a JDK, by whichever JVM of tests comes first.
 */
record UnpackedJar(Path jar, Path archive) {
  /** Its classes are linked and initialized already, where a shared archive's are only parsed. */
  private static final boolean AOT_CACHE = Runtime.version().feature() >= 25;

  private static final class Holder {
    static final UnpackedJar MADE = make();
  }

  static UnpackedJar get() {
    return Holder.MADE;
  }

  List<String> command(List<String> options, List<String> arguments) {
    List<String> all = new ArrayList<>(options);
    all.add((AOT_CACHE ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
    return GatewayJvm.java(all, jar, arguments);
  }

  private static UnpackedJar make() {
    Path shipped = Commands.jar();
    try {
      Path folders = Files.createDirectories(Commands.logs().resolveSibling("unpacked"));
      Path folder = folders.resolve(Runtime.version() + "-" + digest(shipped));
      Path done = folder.resolve("done");
      UnpackedJar made =
          new UnpackedJar(
              folder.resolve("gateway").resolve(shipped.getFileName()), folder.resolve("classes"));
      try (FileChannel channel =
              FileChannel.open(
                  folders.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && Files.notExists(done)) {
          Files.createDirectories(folder);
          made.unpack(shipped);
          made.archiveClasses();
          Files.createFile(done);
        }
      }
      return made;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The shipped jar's own time is that of every reproducible build. */
  private static String digest(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest(), 0, 8);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private void unpack(Path shipped) throws IOException {
    List<String> command =
        List.of(
            Commands.java(),
            "-Djarmode=tools",
            "-jar",
            shipped.toString(),
            "extract",
            "--force",
            "--destination",
            jar.resolveSibling(".").normalize().toString());
    succeed(new ProcessBuilder(command));
  }

  /** Starts the gateway, asks it something on either port, and stops it. */
  private void archiveClasses() throws IOException {
    ConfigRepo repo =
        ConfigRepo.create()
            .routes("routes: {a: {match: {path: /a}, respond: {status: 200, body: a}}}");
    String made = AOT_CACHE ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=";
    List<String> options = List.of(made + archive);
    try (GatewayProcess gateway =
        GatewayProcess.start(
            arguments -> GatewayJvm.java(options, jar, arguments), "unpacked", repo)) {
      RawHttp.get(gateway.port(), "/a");
      gateway.metrics();
      gateway.terminate();
      gateway.awaitExit(Duration.ofMinutes(3));
    }
    if (Files.notExists(archive)) {
      throw new IllegalStateException("no archive was written to " + archive);
    }
  }

  private static void succeed(ProcessBuilder builder) throws IOException {
    try {
      Commands.Result result = Commands.run(builder);
      if (result.exit() != 0) {
        throw new IllegalStateException(builder.command() + ": " + result);
      }
    } catch (IOException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
