package dev.headgate.upstream;

import static dev.headgate.upstream.UpstreamFixture.await;
import static dev.headgate.upstream.UpstreamFixture.onLoop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.testing.RawUpstream;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pooled connection that the service has closed, though the event loop has not seen it yet. */
@Timeout(60)
class StaleConnectionIT {
  @RegisterExtension final UpstreamFixture upstream = new UpstreamFixture();

  private final CountDownLatch close = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  @Test
  void whatCannotBeRepeatedIsNotPutOnIt() throws Exception {
    RawUpstream service =
        upstream.service(
            wire -> {
              wire.readRequest();
              wire.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
              close.await();
              wire.close();
              closed.countDown();
            });
    Upstream to = upstream.upstream("http://127.0.0.1:" + service.port(), "connect-timeout: 5s");
    discard(upstream.call(to, UpstreamFixture.get("/a")));
    await().until(() -> upstream.pool().idle() == 1);
    CountDownLatch go = new CountDownLatch(1);
    upstream.loop().execute(() -> awaitQuietly(go));
    GatewayExchange exchange =
        UpstreamFixture.exchange("/b", new DefaultHttpHeaders(), FullBody.ofText("once"));
    CompletableFuture<GatewayResponse> answer = upstream.call(to, exchange);

    close.countDown();
    closed.await();
    go.countDown();

    assertThat(answer.get(20, TimeUnit.SECONDS).status().code()).isEqualTo(200);
    discard(answer);
    assertThat(service.accepted()).isEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void discard(CompletableFuture<GatewayResponse> answer) throws Exception {
    GatewayResponse response = answer.get(20, TimeUnit.SECONDS);
    onLoop(response::discard);
  }
}
