package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayJvm;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Large bodies pass through in little memory, and nobody is sent more than it reads. Neither the
 * heap, which is resident from the start, nor direct memory has room for a body.
 */
@Alone
class StreamingIT {
  private static final int MIB = 1 << 20;
  private static final int PIECES = 100;
  private static final int HEAP_MIB = 72;

  /** Of a warm process while bodies pass; measured: 64 KiB and less. */
  private static final long MOST_GROWTH = 8L * MIB;

  private static final byte[] PIECE = piece();
  private static final AtomicLong SENT_BY_SERVICE = new AtomicLong();

  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.playing(StreamingIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
              ConfigRepo.create()
                  .with("upstream", UPSTREAM.url())
                  .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
                  .routes(
                      """
                  routes:
                    all: {match: {path: /**}, upstream: u, timeout: {total: 2m}}
                    idle: {match: {path: /idle/**}, upstream: u, timeout: {total: 2m, idle: 1s}}
                  """))
          .in(GatewayJvm.fixedHeap(HEAP_MIB));

  /** Its code is compiled and its pools have their chunks, whichever test comes first. */
  @BeforeAll
  static void warmUp() throws Exception {
    manyDownloads();
    upload();
  }

  private static void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      String line = head.startLine();
      if (line.contains("/download")) {
        boolean chunked = line.contains("/download-chunked");
        connection.write(
            "HTTP/1.1 200 OK\r\n"
                + (chunked
                    ? "Transfer-Encoding: chunked\r\n\r\n"
                    : "Content-Length: " + (long) PIECES * MIB + "\r\n\r\n"));
        for (int i = 0; i < PIECES; i++) {
          connection.write(chunked ? "100000\r\n" : "").write(PIECE).write(chunked ? "\r\n" : "");
          SENT_BY_SERVICE.addAndGet(MIB);
        }
        connection.write(chunked ? "0\r\n\r\n" : "");
      } else if (line.contains("/deaf")) {
        connection.pause(Duration.ofSeconds(3));
        connection.ok(checksum(connection.in(), length(head)));
      } else if (line.contains("/upload")) {
        connection.ok(checksum(connection.in(), length(head)));
      } else {
        connection.ok("fine");
      }
    }
  }

  private static long length(Head head) {
    return Long.parseLong(String.valueOf(head.header("content-length")));
  }

  @Test
  void aHundredMebibytesDownIntact() throws Exception {
    long before = GATEWAY.process().residentBytes();
    assertThat(download("/download")).isEqualTo(expected());
    assertFlat(before);
  }

  @Test
  void aHundredMebibytesDownInChunksIntact() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET /download-chunked").head();
      CRC32C checksum = new CRC32C();
      byte[] chunk = http.chunk();
      while (chunk != null && chunk.length > 0) {
        checksum.update(chunk);
        chunk = http.chunk();
      }
      assertThat(chunk).as("the last chunk").isNotNull();
      assertThat(Long.toHexString(checksum.getValue())).isEqualTo(expected());
    }
  }

  @Test
  void aHundredMebibytesUpIntact() throws Exception {
    long before = GATEWAY.process().residentBytes();
    assertThat(upload()).isEqualTo(expected());
    assertFlat(before);
  }

  @Test
  void aClientThatDoesNotReadHoldsTheServiceBack() throws Exception {
    SENT_BY_SERVICE.set(0);
    try (RawHttp http = RawHttp.slowReaderTo(GATEWAY.port())) {
      http.request("GET /download").head();
      awaitStandstill(SENT_BY_SERVICE);
      assertThat(SENT_BY_SERVICE.get()).isLessThan(32L * MIB);
      assertThat(checksum(http.in(), (long) PIECES * MIB)).isEqualTo(expected());
    }
  }

  @Test
  void aServiceThatDoesNotReadHoldsTheClientBack() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /deaf", "Content-Length: " + (long) PIECES * MIB);
      CompletableFuture<Void> upload =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < PIECES; i++) {
                    http.send(PIECE);
                    sent.addAndGet(MIB);
                  }
                } catch (java.io.IOException failure) {
                  throw new java.io.UncheckedIOException(failure);
                }
              });
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(32L * MIB);
      assertThat(http.response("POST").text()).isEqualTo(expected());
      upload.get();
    }
  }

  @Test
  void aClientThatNeverReadsIsLeftAfterTheIdleLimit() throws Exception {
    SENT_BY_SERVICE.set(0);
    try (RawHttp http = RawHttp.slowReaderTo(GATEWAY.port())) {
      http.request("GET /idle/download").head();
      var line =
          GATEWAY.process().awaitAccess(l -> l.path("path").asString().contains("/idle/download"));
      assertThat(line.path("flags").toString()).matches(".*[A-Za-z].*");
      assertThat(SENT_BY_SERVICE.get()).isLessThan(32L * MIB);
    }
  }

  @Test
  void manyDownloadsAtOnceStayFlat() throws Exception {
    long before = GATEWAY.process().residentBytes();
    assertThat(manyDownloads()).containsOnly(expected());
    assertFlat(before);
    GATEWAY.process().assertNoLeaks("/x");
  }

  private static List<String> manyDownloads() throws Exception {
    List<CompletableFuture<String>> downloads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      downloads.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return download("/download");
                } catch (Exception failure) {
                  throw new IllegalStateException(failure);
                }
              }));
    }
    List<String> checksums = new ArrayList<>();
    for (CompletableFuture<String> download : downloads) {
      checksums.add(download.get());
    }
    return checksums;
  }

  private static String upload() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /upload", "Content-Length: " + (long) PIECES * MIB);
      for (int i = 0; i < PIECES; i++) {
        http.send(PIECE);
      }
      return http.response("POST").text();
    }
  }

  private static String download(String target) throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("GET " + target).head();
      return checksum(http.in(), (long) PIECES * MIB);
    }
  }

  private static void awaitStandstill(AtomicLong counter) {
    AtomicLong last = new AtomicLong(-1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ofMillis(700))
        .pollInterval(Duration.ofMillis(700))
        .until(() -> counter.get() == last.getAndSet(counter.get()));
  }

  private static void assertFlat(long before) throws Exception {
    if (before > 0) {
      assertThat(GATEWAY.process().residentBytes() - before).isLessThan(MOST_GROWTH);
    }
  }

  private static String checksum(InputStream in, long length) throws Exception {
    CRC32C checksum = new CRC32C();
    CheckedInputStream checked = new CheckedInputStream(in, checksum);
    byte[] buffer = new byte[65_536];
    long left = length;
    while (left > 0) {
      int read = checked.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        return "ended with " + left + " bytes missing";
      }
      left -= read;
    }
    return Long.toHexString(checksum.getValue());
  }

  private static String expected() {
    CRC32C checksum = new CRC32C();
    for (int i = 0; i < PIECES; i++) {
      checksum.update(PIECE);
    }
    return Long.toHexString(checksum.getValue());
  }

  private static byte[] piece() {
    byte[] piece = new byte[MIB];
    new java.util.Random(7).nextBytes(piece);
    return piece;
  }
}
