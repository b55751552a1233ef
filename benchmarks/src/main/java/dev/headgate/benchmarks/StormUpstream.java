package dev.headgate.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The services of {@code benchmarks/storm}, each on a port of its own: they answer at once, with
 * 503, or after two seconds, as {@code /__mode/ok}, {@code fail} or {@code slow} last said. {@code
 * /__stats} tells how many requests came and how many were in flight at most, and begins anew.
 * Arguments: the ports.
 */
public final class StormUpstream extends SimpleChannelInboundHandler<HttpObject> {
  private static final int SLOW_MILLIS = 2_000;
  private static final String MODE = "/__mode/";

  private final Service service;
  private String uri = "";

  private StormUpstream(Service service) {
    this.service = service;
  }

  /** One service; all of them live on one event loop. */
  private static final class Service {
    private String mode = "ok";
    private long requests;
    private int inFlight;
    private int most;

    void begun() {
      requests++;
      most = Math.max(most, ++inFlight);
    }

    String stats() {
      String told = "{\"requests\":%d,\"most\":%d}".formatted(requests, most);
      requests = 0;
      most = inFlight;
      return told;
    }
  }

  public static void main(String[] args) throws InterruptedException {
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Channel last = null;
    for (String port : args) {
      Service service = new Service();
      last =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 1024)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel child) {
                      child.pipeline().addLast(new HttpServerCodec(), new StormUpstream(service));
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), Integer.parseInt(port))
              .sync()
              .channel();
    }
    if (last != null) {
      last.closeFuture().sync();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpRequest request) {
      uri = request.uri();
    }
    if (!(message instanceof LastHttpContent)) {
      return;
    }
    if (uri.startsWith(MODE)) {
      service.mode = uri.substring(MODE.length());
      answer(context, HttpResponseStatus.OK, service.mode);
    } else if (uri.equals("/__stats")) {
      answer(context, HttpResponseStatus.OK, service.stats());
    } else {
      serve(context);
    }
  }

  private void serve(ChannelHandlerContext context) {
    service.begun();
    if (service.mode.equals("slow")) {
      var unused =
          context
              .executor()
              .schedule(
                  () -> served(context, HttpResponseStatus.OK), SLOW_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      boolean fails = service.mode.equals("fail");
      served(context, fails ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK);
    }
  }

  private void served(ChannelHandlerContext context, HttpResponseStatus status) {
    service.inFlight--;
    answer(context, status, "{\"status\":" + status.code() + "}");
  }

  private static void answer(
      ChannelHandlerContext context, HttpResponseStatus status, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    var unused = context.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var unused = context.close();
  }
}
