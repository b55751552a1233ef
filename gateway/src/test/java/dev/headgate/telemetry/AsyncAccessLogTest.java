package dev.headgate.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AsyncAccessLogTest {
  private final Output out = new Output();

  /** A disk that can be made to hang or to fail. */
  private static final class Output extends OutputStream {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch hanging = new CountDownLatch(1);
    volatile boolean hangs;
    volatile boolean fails;
    volatile boolean closed;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (hangs) {
        entered.countDown();
        try {
          hanging.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      if (fails) {
        throw new IOException("disk full");
      }
      synchronized (written) {
        written.write(bytes, from, length);
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    String text() {
      synchronized (written) {
        return written.toString(UTF_8);
      }
    }

    long lines() {
      return text().lines().count();
    }
  }

  @Test
  void linesComeOutInOrder() {
    try (AsyncAccessLog log = new AsyncAccessLog(1024, out)) {
      for (int i = 0; i < 1000; i++) {
        log.log(AccessRecords.path("/" + i));
      }
      await().until(() -> out.lines() == 1000);
      assertThat(log.dropped()).isZero();
    }
    String[] lines = out.text().split("\n", -1);
    for (int i = 0; i < 1000; i++) {
      assertThat(lines[i]).contains("\"path\":\"/" + i + "\"");
    }
  }

  @Test
  void aHangingDiskCostsLinesAndNoTime() throws Exception {
    out.hangs = true;
    try (AsyncAccessLog log = new AsyncAccessLog(8, out)) {
      log.log(AccessRecords.path("/first"));
      out.entered.await();
      for (int i = 0; i < 100; i++) {
        log.log(AccessRecords.path("/" + i));
      }
      assertThat(log.dropped()).isEqualTo(92);
      out.hangs = false;
      out.hanging.countDown();
      await().until(() -> out.lines() == 9);
    }
  }

  @Test
  void aFailingDiskCostsLinesUntilItWorks() {
    out.fails = true;
    try (AsyncAccessLog log = new AsyncAccessLog(8, out)) {
      log.log(AccessRecords.path("/lost"));
      await().until(() -> log.dropped() == 1);

      out.fails = false;
      log.log(AccessRecords.path("/kept"));
      await().until(() -> out.lines() == 1);
    }
    assertThat(out.text()).contains("/kept");
  }

  @Test
  void closingWritesWhatIsQueuedAndLeavesTheOutputOpen() {
    AsyncAccessLog log = new AsyncAccessLog(1024, out);
    for (int i = 0; i < 500; i++) {
      log.log(AccessRecords.path("/" + i));
    }

    log.close();

    assertThat(out.lines()).isEqualTo(500);
    assertThat(out.closed).isFalse();
    log.log(AccessRecords.path("/late"));
    assertThat(log.dropped()).isEqualTo(1);
  }
}
