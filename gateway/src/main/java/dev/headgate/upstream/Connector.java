package dev.headgate.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

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
  private final TlsContexts tls;

  /**
   * @param channels makes a socket channel of the kind that an event loop drives
   * @param resolver non-blocking; Netty's default would block the event loop
   * @param tls for {@code https} endpoints
   */
  public Connector(
      Function<EventLoop, Channel> channels,
      AddressResolverGroup<InetSocketAddress> resolver,
      TlsContexts tls) {
    this.channels = channels;
    this.resolver = resolver;
    this.tls = tls;
  }

  TlsContexts tls() {
    return tls;
  }

  /**
   * Opens one connection; the TLS handshake is part of it, and so are HTTP/2's first SETTINGS.
   *
   * @param timeout for the whole of it; positive
   */
  Future<PooledConnection> connect(EventLoop loop, EndpointKey key, Duration timeout) {
    Promise<PooledConnection> opened = loop.newPromise();
    int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    // Netty's own limits are one for each step; this one is for resolving and all the rest
    // together.
    Future<?> limit =
        loop.schedule(
            () -> opened.tryFailure(new ConnectTimeoutException(key.name())),
            millis,
            TimeUnit.MILLISECONDS);
    opened.addListener(done -> limit.cancel(false));
    ChannelFuture connected =
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
            .connect(remote(key));
    connected.addListener(done -> connected(key, connected, opened));
    return opened;
  }

  /**
   * All addresses of an endpoint's name, one time; what was resolved lately comes from the cache,
   * for as long as its records live.
   */
  Future<List<InetSocketAddress>> resolve(EventLoop loop, EndpointKey key) {
    return resolver
        .getResolver(loop)
        .resolveAll(InetSocketAddress.createUnresolved(key.host(), key.port()));
  }

  private static InetSocketAddress remote(EndpointKey key) {
    return key.address() == null
        ? InetSocketAddress.createUnresolved(key.host(), key.port())
        : new InetSocketAddress(key.address(), key.port());
  }

  private static void connected(
      EndpointKey key, ChannelFuture connected, Promise<PooledConnection> opened) {
    if (!connected.isSuccess()) {
      opened.tryFailure(connected.cause());
      return;
    }
    Channel channel = connected.channel();
    opened.addListener(
        done -> {
          if (!done.isSuccess()) {
            channel.close();
          }
        });
    SslHandler secure = channel.pipeline().get(SslHandler.class);
    if (secure == null) {
      speak(key, channel, opened);
      return;
    }
    // The handshake's own reads are asked for by the SslHandler, whatever AUTO_READ says.
    secure
        .handshakeFuture()
        .addListener(
            shaken -> {
              if (!shaken.isSuccess()) {
                opened.tryFailure(shaken.cause());
              } else if (key.protocol().multiplexed()
                  && !ApplicationProtocolNames.HTTP_2.equals(secure.applicationProtocol())) {
                opened.tryFailure(new SSLHandshakeException("h2 was not selected (ALPN)"));
              } else {
                speak(key, channel, opened);
              }
            });
  }

  private static void speak(EndpointKey key, Channel channel, Promise<PooledConnection> opened) {
    if (opened.isDone()) {
      channel.close();
    } else if (key.protocol().multiplexed()) {
      channel.pipeline().remove(Unready.class);
      Http2Codecs.install(channel, WATER_MARK, opened);
    } else {
      opened.trySuccess(channel.pipeline().get(Http1Connection.class));
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
    protected void initChannel(Channel channel) throws SSLException {
      ChannelPipeline pipeline = channel.pipeline();
      boolean http2 = key.protocol().multiplexed();
      if (key.tls() != null) {
        SslHandler handler = tls.handler(key.tls(), http2, key.host(), key.port(), channel.alloc());
        handler.setHandshakeTimeoutMillis(timeoutMillis);
        pipeline.addLast(handler);
      }
      if (http2) {
        pipeline.addLast(new Unready());
      } else {
        HttpDecoderConfig limits =
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_CHUNK);
        StrictResponses strict = new StrictResponses();
        pipeline.addLast(strict);
        pipeline.addLast(new HttpClientCodec(limits, false, false));
        pipeline.addLast(new Http1Connection(strict));
      }
    }
  }

  /**
   * The end of a pipeline that is to get its protocol when the handshake is over. What goes wrong
   * before is told by the handshake, not here.
   */
  private static final class Unready extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
