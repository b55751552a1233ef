package dev.headgate.testing;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop whose clock is moved by hand. */
public final class VirtualTime {
  private final EmbeddedChannel channel = new EmbeddedChannel();

  public VirtualTime() {
    channel.freezeTime();
  }

  public EventLoop loop() {
    return channel.eventLoop();
  }

  /** Moves the clock, a millisecond at a time, and runs what falls due. */
  public void advance(Duration by) {
    for (long left = by.toMillis(); left > 0; left--) {
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      run();
    }
  }

  /** Runs what is due now. */
  public void run() {
    channel.runPendingTasks();
  }

  /** Whether nothing is scheduled any more. */
  public boolean nothingScheduled() {
    return channel.runScheduledPendingTasks() == -1;
  }

  /** An exchange on this loop. */
  public GatewayExchange exchange(HttpMethod method, Body body) {
    return exchange(method, body, false);
  }

  public GatewayExchange exchange(HttpMethod method, Body body, boolean trusted) {
    return exchange(method, body, trusted, "http", "gateway");
  }

  /** One behind a trusted proxy that told what the client's own URL was. */
  public GatewayExchange exchange(
      HttpMethod method, Body body, String scheme, String publicAuthority) {
    return exchange(method, body, true, scheme, publicAuthority);
  }

  private GatewayExchange exchange(
      HttpMethod method, Body body, boolean trusted, String scheme, String publicAuthority) {
    GatewayRequest request =
        new GatewayRequest(
            method,
            HttpVersion.HTTP_1_1,
            scheme,
            "gateway",
            "gateway",
            "/a",
            null,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            trusted,
            "127.0.0.1",
            publicAuthority);
    return new GatewayExchange(
        loop(),
        request,
        new DefaultHttpHeaders(),
        body,
        new ExchangeRecord(loop().ticker().nanoTime()),
        "/a");
  }
}
