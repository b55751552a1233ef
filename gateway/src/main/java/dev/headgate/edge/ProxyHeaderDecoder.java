package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Netty's decoder, which waits for thirteen bytes before it looks at any; a client that speaks
 * first and waits would be let wait. This one refuses at the first byte that is wrong.
 */
final class ProxyHeaderDecoder extends HAProxyMessageDecoder {
  private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };

  /** As many bytes as there are surely before a line's end. */
  private static final int SHORTEST = "PROXY UNKNOWN\r".length();

  /** Room for what balancers add to version 2: a name, an id, a certificate's subject. */
  private static final int MAX_TLV_BYTES = 4 * 1024;

  private int seen;
  private boolean text = true;
  private boolean binary = true;

  ProxyHeaderDecoder() {
    super(MAX_TLV_BYTES);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes && !begins(bytes)) {
      ReferenceCountUtil.release(message);
      throw new HAProxyProtocolException("no PROXY header");
    }
    super.channelRead(ctx, message);
  }

  private boolean begins(ByteBuf bytes) {
    for (int i = bytes.readerIndex(); i < bytes.writerIndex() && seen < SHORTEST; i++, seen++) {
      byte next = bytes.getByte(i);
      text = text && isText(next);
      binary = binary && isBinary(next);
      if (!text && !binary) {
        return false;
      }
    }
    return true;
  }

  // No line of version 1 is shorter than "PROXY UNKNOWN".
  private boolean isText(byte next) {
    return seen < TEXT.length ? next == TEXT[seen] : next != '\n';
  }

  // Behind the signature version 2 has its number in the upper half of a byte.
  private boolean isBinary(byte next) {
    if (seen < BINARY.length) {
      return next == BINARY[seen];
    }
    return seen > BINARY.length || (next & 0xf0) == 0x20;
  }
}
