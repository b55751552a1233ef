package dev.headgate.contract.harness;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A collector that takes spans by OTLP over gRPC, in plain text. */
public final class OtlpGrpcReceiver implements AutoCloseable {
  private final Spans spans = new Spans();
  private volatile String method = "";
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel server;

  private OtlpGrpcReceiver() {
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Connection())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  public static OtlpGrpcReceiver start() {
    return new OtlpGrpcReceiver();
  }

  public String url() {
    return "http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
  }

  public Spans spans() {
    return spans;
  }

  /** The last method called. */
  public String method() {
    return method;
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    loops.shutdownGracefully();
  }

  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(Http2FrameCodecBuilder.forServer().build())
          .addLast(
              new Http2MultiplexHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                      stream.pipeline().addLast(new Call());
                    }
                  }));
    }
  }

  /** One call: a head, one message behind five octets of prefix, then an empty answer. */
  private final class Call extends ChannelInboundHandlerAdapter {
    private final ByteBuf body = Unpooled.buffer();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) throws Exception {
      try {
        if (frame instanceof Http2HeadersFrame head) {
          method = head.headers().path().toString();
        } else if (frame instanceof Http2DataFrame data) {
          body.writeBytes(data.content());
          if (data.isEndStream()) {
            answer(ctx);
          }
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private void answer(ChannelHandlerContext ctx) throws InvalidProtocolBufferException {
      spans.add(ExportTraceServiceRequest.parseFrom(ByteBufUtil.getBytes(body.skipBytes(5))));
      DefaultHttp2Headers head = new DefaultHttp2Headers();
      head.status("200").set("content-type", "application/grpc");
      ctx.write(new DefaultHttp2HeadersFrame(head));
      ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[5])));
      ctx.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("grpc-status", "0"), true));
    }
  }
}
