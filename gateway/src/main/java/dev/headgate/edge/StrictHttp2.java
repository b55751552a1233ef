package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Netty's HTTP/2 codec and follows the heads of a client's frames, the payloads
 * skipped. It makes connection errors of what the codec forgives, since it has forgotten the
 * stream; takes away content that was on its way when its stream was reset here, which the codec
 * answers with a reset for each frame or, where it had refused the stream, by ending the
 * connection; and bounds the frames that cost more than they bring (see {@link Http2FrameBudget}).
 */
final class StrictHttp2 extends ChannelDuplexHandler {
  private static final String NAME = "headgate.strict2";
  private static final int TYPE = 3;

  // The answers that services give in one turn of the event loop go out together. Measured with
  // twenty streams at a time: 300 to 2,300 writes for 5,000 proxied requests, instead of 5,000.
  private static final int FLUSHES_AT_ONCE = 64;

  // A client that does not take what was written before.
  private static final long LINGER_LIMIT_SECONDS = 30;

  private static final int PREFACE = Http2CodecUtil.connectionPrefaceBuf().readableBytes();

  private final Http2FrameHead frame = new Http2FrameHead();
  private final Http2StreamMemory streams =
      new Http2StreamMemory(Http2CodecUtil.DEFAULT_WINDOW_SIZE);
  private final Http2FrameBudget budget;
  private @Nullable Http2FrameCodec codec;
  private int preface = PREFACE;
  private int payload;
  private boolean dropping;
  private boolean inHeaders;
  private boolean failed;
  private boolean lingering;
  private int dropped;

  private StrictHttp2(Http2FrameBudget budget) {
    this.budget = budget;
  }

  /**
   * Puts itself before a handler of a connection that will speak HTTP/2, before the preface.
   *
   * @param before Netty's codec, or what puts it into its own place when it sees the preface
   */
  static void install(ChannelPipeline pipeline, String before, Http2FrameBudget budget) {
    pipeline.addBefore(before, NAME, new StrictHttp2(budget));
    pipeline.addBefore(
        NAME, "headgate.flush2", new FlushConsolidationHandler(FLUSHES_AT_ONCE, true));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
    } else if (failed) {
      bytes.release();
    } else {
      new Turn(ctx, bytes).run();
    }
  }

  // The codec writes the head of a DATA frame as a buffer of its own.
  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes
        && bytes.readableBytes() <= Http2CodecUtil.DATA_FRAME_HEADER_LENGTH
        && bytes.readableBytes() >= Http2FrameHead.OCTETS
        && bytes.getByte(bytes.readerIndex() + TYPE) == Http2FrameTypes.DATA) {
      budget.dataSent();
    }
    ctx.write(message, promise);
  }

  // A socket that is closed while frames lie unread ends in a reset, which may overtake what was
  // said last: the end of an answer, or the GOAWAY. A client sends such frames until it has heard.
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (lingering || !ctx.channel().isActive()) {
      ctx.close(promise);
      return;
    }
    lingering = true;
    failed = true;
    ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    LingeringClose.begin(ctx);
    ctx.executor().schedule(() -> ctx.close(), LINGER_LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** One piece of the stream. It owns the buffer until it has passed it on whole. */
  private final class Turn {
    private final ChannelHandlerContext ctx;
    private final ByteBuf bytes;
    private final int end;
    private int passed;
    private int at;

    Turn(ChannelHandlerContext ctx, ByteBuf bytes) {
      this.ctx = ctx;
      this.bytes = bytes;
      this.passed = bytes.readerIndex();
      this.at = passed;
      this.end = bytes.writerIndex();
    }

    void run() {
      try {
        while (at < end && !failed) {
          if (preface > 0) {
            preface();
          } else if (payload > 0) {
            payload();
          } else {
            head();
          }
        }
        if (!failed) {
          pass(end - (frame.complete() ? 0 : frame.have()));
          giveBack();
        }
      } finally {
        bytes.release();
      }
    }

    // The codec is in its place when it has seen this.
    private void preface() {
      int taken = Math.min(preface, end - at);
      preface -= taken;
      at += taken;
      if (preface == 0) {
        pass(at);
        codec = ctx.pipeline().get(Http2FrameCodec.class);
        Http2ClientConnection.install(ctx.channel());
      }
    }

    private void payload() {
      int taken = Math.min(payload, end - at);
      payload -= taken;
      at += taken;
      if (dropping) {
        passed = at;
      }
    }

    private void head() {
      int earlier = frame.complete() ? 0 : frame.have();
      if (earlier == 0) {
        frame.begin();
      }
      int begins = at;
      at = frame.read(bytes, at, end);
      if (!frame.complete()) {
        return;
      }
      payload = frame.length();
      dropping = false;
      judge(begins);
      if (dropping) {
        passed = at;
      } else if (earlier > 0 && !failed) {
        passWhatWasHeldBack();
      }
    }

    // A head that two reads brought: what the first had of it is not in this buffer.
    private void passWhatWasHeldBack() {
      ByteBuf head = ctx.alloc().buffer(Http2FrameHead.OCTETS);
      frame.writeTo(head);
      passed = at;
      ctx.fireChannelRead(head);
    }

    private void pass(int until) {
      if (until > passed) {
        boolean whole = passed == bytes.readerIndex() && until == end;
        ByteBuf part = whole ? bytes.retain() : bytes.retainedSlice(passed, until - passed);
        passed = until;
        ctx.fireChannelRead(part);
      }
    }

    private void judge(int begins) {
      if (inHeaders) {
        // Anything but the rest of the headers is an error that the codec finds.
        inHeaders = frame.type() != Http2FrameTypes.CONTINUATION || !frame.endHeaders();
        return;
      }
      switch (frame.type()) {
        case Http2FrameTypes.HEADERS -> headers(begins);
        case Http2FrameTypes.DATA -> data(begins);
        case Http2FrameTypes.RST_STREAM -> {
          streams.reset(frame.stream());
          spend(Http2FrameBudget.Kind.OTHER, begins);
        }
        case Http2FrameTypes.PING -> spend(Http2FrameBudget.Kind.PING, begins);
        case Http2FrameTypes.SETTINGS -> spend(Http2FrameBudget.Kind.SETTINGS, begins);
        case Http2FrameTypes.WINDOW_UPDATE -> spend(Http2FrameBudget.Kind.WINDOW_UPDATE, begins);
        case Http2FrameTypes.CONTINUATION, Http2FrameTypes.PUSH_PROMISE -> {
          // Errors that the codec finds.
        }
        default -> spend(Http2FrameBudget.Kind.OTHER, begins);
      }
    }

    private void headers(int begins) {
      inHeaders = !frame.endHeaders();
      int id = frame.stream();
      if (!ofAClient(id)) {
        return;
      }
      switch (streams.of(id)) {
        case IDLE -> {
          streams.opened(id);
          budget.streamOpened();
        }
        case SKIPPED -> fail(begins, Http2Error.PROTOCOL_ERROR, "an identifier that was passed");
        case ENDED -> fail(begins, Http2Error.STREAM_CLOSED, "headers after the stream's end");
        case OPEN, RESET, FORGOTTEN -> {
          // Trailers, or what the codec resets the stream for.
        }
      }
      if (frame.endStream()) {
        streams.ended(id);
      }
    }

    private void data(int begins) {
      int id = frame.stream();
      if (!ofAClient(id) || streams.of(id) != Http2StreamMemory.State.OPEN) {
        return;
      }
      if (frame.endStream()) {
        streams.ended(id);
      }
      if (unknown(id)) {
        // Unless what opens it is in this very buffer.
        pass(begins);
        dropping = unknown(id) && late(id, frame.length());
        dropped += dropping ? frame.length() : 0;
      }
    }

    private boolean late(int id, int octets) {
      return octets <= Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE
          && streams.late(id, Math.max(1, octets));
    }

    private boolean unknown(int id) {
      return codec != null && codec.connection().stream(id) == null;
    }

    // The client's window for the connection has shrunk by what was taken away, the codec's idea of
    // it has not.
    private void giveBack() {
      ChannelHandlerContext behind = ctx.pipeline().context(Http2FrameCodec.class);
      if (dropped > 0 && codec != null && behind != null) {
        codec
            .encoder()
            .frameWriter()
            .writeWindowUpdate(
                behind, Http2CodecUtil.CONNECTION_STREAM_ID, dropped, behind.newPromise());
        dropped = 0;
      }
    }

    private void spend(Http2FrameBudget.Kind kind, int begins) {
      boolean answer = kind == Http2FrameBudget.Kind.PING || kind == Http2FrameBudget.Kind.SETTINGS;
      if (answer && frame.ack()) {
        return;
      }
      if (!budget.spend(kind, ctx.channel().eventLoop().ticker().nanoTime())) {
        fail(begins, Http2Error.ENHANCE_YOUR_CALM, "too many frames: " + kind);
      }
    }

    // As if the codec itself had found it, when everything before the frame is done.
    private void fail(int begins, Http2Error error, String what) {
      pass(begins);
      failed = true;
      ChannelHandlerContext behind = ctx.pipeline().context(Http2FrameCodec.class);
      if (codec != null && behind != null) {
        codec.onError(
            behind,
            false,
            Http2Exception.connectionError(error, "stream %d: %s", frame.stream(), what));
      }
    }
  }

  private static boolean ofAClient(int id) {
    return (id & 1) == 1;
  }
}
