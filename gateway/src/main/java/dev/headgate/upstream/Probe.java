package dev.headgate.upstream;

import dev.headgate.config.HealthCheckConfig;
import dev.headgate.exchange.Body;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.GatewayResponse;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A health check over the wire: the same call that requests make, with the upstream's protocol, TLS
 * and {@code Host}, but over a connection of its own, new each time. So it proves that the endpoint
 * takes connections, waits for no busy pool, and counts for nothing else.
 */
final class Probe implements HealthChecker.Check {
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final EndpointKey key;
  private final UpstreamState owner;
  private final Connector connector;
  private final EventLoop loop;

  Probe(EndpointKey key, UpstreamState owner, Connector connector, EventLoop loop) {
    this.key = key;
    this.owner = owner;
    this.connector = connector;
    this.loop = loop;
  }

  @Override
  public Runnable start(
      HealthCheckConfig config, String basePath, Consumer<@Nullable String> done) {
    Asking asking = new Asking(done);
    asking.limit = loop.schedule(asking::late, config.timeout().toNanos(), TimeUnit.NANOSECONDS);
    // Not at once: whoever starts it must have what cancels it before it is done.
    loop.execute(() -> ask(config, basePath, asking));
    return asking::cancel;
  }

  private void ask(HealthCheckConfig config, String basePath, Asking asking) {
    Upstream upstream = owner.inForce();
    if (upstream == null || asking.over) {
      return;
    }
    ConnectionPool pool =
        new ConnectionPool(key, settings(config.timeout()), connector, new LongAdder());
    Endpoint endpoint = Endpoint.of(key, basePath, 1, pool, Endpoint.Tally.NONE);
    GatewayExchange exchange = exchange(config.path());
    Mono.<GatewayResponse>create(
            sink -> new Attempt(exchange, exchange.currentTry(), upstream, endpoint, sink).start())
        .subscribe(asking);
  }

  // A life of nothing: not used a second time.
  private static PoolSettings settings(Duration timeout) {
    return new PoolSettings(1, timeout, Duration.ZERO, timeout);
  }

  private GatewayExchange exchange(String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? null : target.substring(mark + 1);
    GatewayRequest request =
        new GatewayRequest(
            HttpMethod.GET,
            HttpVersion.HTTP_1_1,
            key.scheme(),
            "",
            "",
            path,
            query,
            NOBODY,
            true,
            "",
            "");
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set(HttpHeaderNames.USER_AGENT, "headgate-health-check");
    headers.set(HttpHeaderNames.ACCEPT, "*/*");
    return new GatewayExchange(
        loop, request, headers, Body.EMPTY, new ExchangeRecord(loop.ticker().nanoTime()), path);
  }

  /** One check under way, on the event loop. */
  private static final class Asking implements CoreSubscriber<GatewayResponse> {
    private final Consumer<@Nullable String> done;
    private @Nullable Subscription subscription;
    private @Nullable Future<?> limit;
    private boolean over;

    Asking(Consumer<@Nullable String> done) {
      this.done = done;
    }

    @Override
    public void onSubscribe(Subscription asked) {
      subscription = asked;
      asked.request(1);
    }

    @Override
    public void onNext(GatewayResponse response) {
      int status = response.status().code();
      response.discard();
      boolean good = response.status().codeClass() == HttpStatusClass.SUCCESS;
      end(good ? null : "status " + status);
    }

    @Override
    public void onError(Throwable error) {
      end(error instanceof GatewayFailure failure ? failure.reason().name() : error.toString());
    }

    @Override
    public void onComplete() {}

    void late() {
      stop();
      end("no answer in time");
    }

    void cancel() {
      stop();
      over = true;
      unlimit();
    }

    private void stop() {
      if (subscription != null) {
        subscription.cancel();
      }
    }

    private void end(@Nullable String wrong) {
      if (!over) {
        over = true;
        unlimit();
        done.accept(wrong);
      }
    }

    private void unlimit() {
      if (limit != null) {
        limit.cancel(false);
      }
    }
  }
}
