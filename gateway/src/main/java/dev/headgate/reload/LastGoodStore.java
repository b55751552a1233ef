package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.Limits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last good set of one source across restarts: its files, as one zip archive that an
 * operator can look into, with their digest as the archive's comment. Trouble with the disk is
 * logged and never fails a reload.
 *
 * <p>Not safe for use by several threads or by several processes at a time; the archive itself is
 * only ever replaced as a whole.
 */
public final class LastGoodStore {
  private static final Logger LOG = LoggerFactory.getLogger(LastGoodStore.class);

  private final Path folder;
  private final Path archive;

  /**
   * A store for one source.
   *
   * @param stateDir {@code headgate.state-dir}; made when first needed
   * @param source what the files come from: the absolute path of the root, or a URL. Others do not
   *     see what is kept for it
   */
  public LastGoodStore(Path stateDir, String source) {
    this.folder = stateDir.toAbsolutePath().resolve("last-good");
    byte[] hash = Snapshot.sha256().digest(source.getBytes(StandardCharsets.UTF_8));
    this.archive = folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".zip");
  }

  /** Where the set is kept. */
  public Path archive() {
    return archive;
  }

  /**
   * Replaces what is kept, unless it is the same already.
   *
   * @return false, after a warning, if that failed; what was kept before is then still there
   */
  public boolean save(List<ConfigFile> files) {
    String digest = Snapshot.of(files, List.of()).digest();
    if (digest.equals(keptDigest())) {
      return true;
    }
    Path fresh = folder.resolve(archive.getFileName() + ".tmp");
    try {
      Files.createDirectories(folder);
      write(fresh, files, digest);
      replace(fresh);
      return true;
    } catch (IOException e) {
      LOG.warn(
          "The last good configuration could not be kept in {} ({}): after a restart, only the source itself can be served",
          archive,
          e.toString());
      discard(fresh);
      return false;
    }
  }

  private @Nullable String keptDigest() {
    if (!Files.exists(archive)) {
      return null;
    }
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.getComment();
    } catch (IOException e) {
      return null;
    }
  }

  private static void write(Path to, List<ConfigFile> files, String digest) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
      zip.setLevel(Deflater.BEST_SPEED);
      zip.setComment(digest);
      for (ConfigFile file : files) {
        zip.putNextEntry(new ZipEntry(file.name()));
        zip.write(file.content());
        zip.closeEntry();
      }
      zip.finish();
      out.flush();
      // Before the rename: else a crash may leave the new name with nothing in it.
      channel.force(true);
    }
  }

  private void replace(Path fresh) throws IOException {
    try {
      Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} is left behind", file, e);
    }
  }

  /**
   * What is kept, in the order in which it was given.
   *
   * @return null if nothing is kept, or, after a warning, if it is damaged
   */
  public @Nullable List<ConfigFile> load() {
    if (!Files.exists(archive)) {
      return null;
    }
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      List<ConfigFile> files = new ArrayList<>();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        files.add(new ConfigFile(entry.getName(), read(zip, entry)));
      }
      if (Snapshot.of(files, List.of()).digest().equals(zip.getComment())) {
        return files;
      }
      LOG.warn("The last good configuration in {} is not used: its digest does not match", archive);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The last good configuration in {} is not used: {}", archive, e.toString());
    }
    return null;
  }

  private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes(Limits.FILE_BYTES + 1);
    }
  }
}
