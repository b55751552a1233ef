package dev.headgate.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Opens connections to endpoints, on the event loop of the exchange that needs one. */
public final class Connector {
  // One read is one buffer: a smaller chunk size would cut it into slices, each a write and a
  // flush.
  private static final int MAX_CHUNK = 64 * 1024;
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 64 * 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final Function<EventLoop, Channel> channels;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final SslContext ssl;

  /**
   * @param channels makes a socket channel of the kind that an event loop drives
   * @param resolver non-blocking; Netty's default would block the event loop
   * @param ssl for {@code https} endpoints
   */
  public Connector(
      Function<EventLoop, Channel> channels,
      AddressResolverGroup<InetSocketAddress> resolver,
      SslContext ssl) {
    this.channels = channels;
    this.resolver = resolver;
    this.ssl = ssl;
  }

  /**
   * Opens one connection; the TLS handshake is part of it.
   *
   * @param timeout for the whole of it; positive
   */
  Future<Http1Connection> connect(EventLoop loop, EndpointKey key, Duration timeout) {
    Promise<Http1Connection> opened = loop.newPromise();
    int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    // Netty's own limits are one for each step; this one is for resolving and all the rest
    // together.
    Future<?> limit =
        loop.schedule(
            () -> opened.tryFailure(new ConnectTimeoutException(key.name())),
            millis,
            TimeUnit.MILLISECONDS);
    opened.addListener(done -> limit.cancel(false));
    new Bootstrap()
        .group(loop)
        .channelFactory(() -> channels.apply(loop))
        .resolver(resolver)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
        .handler(new Initializer(key, millis))
        .connect(InetSocketAddress.createUnresolved(key.host(), key.port()))
        .addListener(connected -> secured(connected, opened));
    return opened;
  }

  private static void secured(Future<? super Void> connected, Promise<Http1Connection> opened) {
    if (!connected.isSuccess()) {
      opened.tryFailure(connected.cause());
      return;
    }
    Channel channel = ((ChannelFuture) connected).channel();
    Http1Connection connection = channel.pipeline().get(Http1Connection.class);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      handOver(connection, channel, opened);
      return;
    }
    // The handshake's own reads are asked for by the SslHandler, whatever AUTO_READ says.
    tls.handshakeFuture()
        .addListener(
            shaken -> {
              if (shaken.isSuccess()) {
                handOver(connection, channel, opened);
              } else {
                channel.close();
                opened.tryFailure(shaken.cause());
              }
            });
  }

  private static void handOver(
      Http1Connection connection, Channel channel, Promise<Http1Connection> opened) {
    if (!opened.trySuccess(connection)) {
      channel.close();
    }
  }

  private final class Initializer extends ChannelInitializer<Channel> {
    private final EndpointKey key;
    private final int timeoutMillis;

    Initializer(EndpointKey key, int timeoutMillis) {
      this.key = key;
      this.timeoutMillis = timeoutMillis;
    }

    @Override
    protected void initChannel(Channel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      if (key.tls()) {
        SslHandler handler = ssl.newHandler(channel.alloc(), key.host(), key.port());
        handler.setHandshakeTimeoutMillis(timeoutMillis);
        pipeline.addLast(handler);
      }
      HttpDecoderConfig limits =
          new HttpDecoderConfig()
              .setMaxInitialLineLength(MAX_LINE)
              .setMaxHeaderSize(MAX_HEADERS)
              .setMaxChunkSize(MAX_CHUNK);
      pipeline.addLast(new HttpClientCodec(limits, false, false));
      pipeline.addLast(new Http1Connection());
    }
  }
}
