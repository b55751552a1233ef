package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Alone;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Head;
import dev.headgate.contract.harness.RawHttp;
import dev.headgate.contract.harness.ScriptedUpstream;
import dev.headgate.contract.harness.SharedGateway;
import dev.headgate.contract.harness.UpstreamConnection;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two gigabytes either way past a reader that stops for a while: eight times the heap and sixteen
 * times the direct memory that the process has, so that nothing can have been gathered.
 */
@Alone
class LargeStreamIT {
  private static final long BODY = 2L << 30;
  private static final byte[] BLOCK = new byte[128 * 1024];

  /** Where the reader stops: what is sent beyond it by then is what the way between holds. */
  private static final int BEFORE_THE_STOP = 1 << 20;

  /** Sockets of loopback, three hops of them, and the gateway's own buffers. */
  private static final long MOST_UNDERWAY = 48L << 20;

  /**
   * The whole process: heap, direct memory, code and the rest of a JVM under paranoid detection.
   */
  private static final long MOST_RESIDENT = 700L << 20;

  private static final AtomicLong SERVED = new AtomicLong();
  private static final AtomicLong TAKEN = new AtomicLong();
  private static final CountDownLatch GO_ON = new CountDownLatch(1);
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.playing(LargeStreamIT::play);

  @RegisterExtension
  static final SharedGateway GATEWAY =
      SharedGateway.over(
          ConfigRepo.create()
              .with("upstream", UPSTREAM.url())
              .upstreams("upstreams: {u: {endpoints: [\"@upstream@\"]}}")
              .routes(
                  """
                  routes:
                    all: {match: {path: /**}, upstream: u, timeout: {total: none, idle: 60s}}
                  """));

  private static void play(UpstreamConnection connection) throws Exception {
    for (Head head = connection.readHead(); head != null; head = connection.readHead()) {
      if (head.startLine().contains("/down")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + BODY + "\r\n\r\n");
        for (long left = BODY; left > 0; left -= BLOCK.length) {
          connection.write(BLOCK);
          SERVED.addAndGet(BLOCK.length);
        }
      } else if (head.startLine().contains("/up")) {
        skip(connection.in(), BEFORE_THE_STOP);
        GO_ON.await();
        skip(connection.in(), BODY - BEFORE_THE_STOP);
        connection.ok("taken");
      } else {
        connection.ok("fine");
      }
    }
  }

  private static void skip(InputStream in, long octets) throws IOException {
    byte[] into = new byte[BLOCK.length];
    for (long left = octets; left > 0; ) {
      int read = in.read(into, 0, (int) Math.min(into.length, left));
      if (read < 0) {
        throw new IOException("ended " + left + " octets early");
      }
      left -= read;
    }
  }

  @Test
  void aDownloadWaitsForItsReader() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      assertThat(http.request("GET /down").head().header("content-length"))
          .isEqualTo(Long.toString(BODY));
      skip(http.in(), BEFORE_THE_STOP);
      awaitStill(SERVED);
      assertThat(SERVED.get()).isLessThan(BEFORE_THE_STOP + MOST_UNDERWAY);
      skip(http.in(), BODY - BEFORE_THE_STOP);
      assertThat(http.request("GET /fine").response("GET").text()).isEqualTo("fine");
    }
    assertFlat();
  }

  @Test
  void anUploadWaitsForTheService() throws Exception {
    try (RawHttp http = RawHttp.to(GATEWAY.port())) {
      http.request("POST /up", "Content-Length: " + BODY);
      Thread client = new Thread(() -> upload(http), "upload");
      client.start();
      awaitStill(TAKEN);
      assertThat(TAKEN.get()).isLessThan(BEFORE_THE_STOP + MOST_UNDERWAY);
      GO_ON.countDown();
      http.readTimeout(Duration.ofMinutes(2));
      assertThat(http.response("POST").text()).isEqualTo("taken");
      client.join(TimeUnit.SECONDS.toMillis(10));
      assertThat(TAKEN.get()).isEqualTo(BODY);
    }
    assertFlat();
  }

  private static void upload(RawHttp http) {
    try {
      for (long left = BODY; left > 0; left -= BLOCK.length) {
        http.send(BLOCK);
        TAKEN.addAndGet(BLOCK.length);
      }
    } catch (IOException cutOff) {
      TAKEN.set(-1);
    }
  }

  /** The sender has begun, and then has got rid of nothing for a second. */
  private static void awaitStill(AtomicLong sent) {
    Awaitility.await("the sender is held up")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(sent::get, new Still());
  }

  private static final class Still extends org.hamcrest.BaseMatcher<Long> {
    private long before = -1;

    @Override
    public boolean matches(Object now) {
      long sent = (Long) now;
      boolean still = sent > 0 && sent == before;
      before = sent;
      return still;
    }

    @Override
    public void describeTo(org.hamcrest.Description text) {
      text.appendText("the same as a second ago");
    }
  }

  private static void assertFlat() throws Exception {
    assertThat(GATEWAY.process().residentBytes()).isLessThan(MOST_RESIDENT);
    GATEWAY.process().assertNoLeaks("/fine");
  }
}
