package dev.headgate.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A part of a request that is followed octet by octet, wherever reads split it. */
abstract class SyntaxPart {
  private boolean done;
  private @Nullable Http1Offence offence;

  /**
   * Goes on until the part is done, the octets are, or one of them offends.
   *
   * @return the first index not consumed: after an offence, that of the offending octet
   */
  final int scan(ByteBuf in, int from, int end) {
    int at = from;
    while (at < end && !done && offence == null) {
      at = step(in, at, end);
    }
    return at;
  }

  /** Consumes octets, or changes state. */
  abstract int step(ByteBuf in, int at, int end);

  final boolean done() {
    return done;
  }

  final @Nullable Http1Offence offence() {
    return offence;
  }

  final void restart() {
    done = false;
  }

  /** The part ends with this octet. */
  final int finish(int at) {
    done = true;
    return at + 1;
  }

  final int refuse(Http1Offence reason, int at) {
    offence = reason;
    return at;
  }

  /** Refuses an octet that is no LF where a CR has been. */
  final int expectLf(ByteBuf in, int at, int next) {
    return in.getByte(at) == Octets.LF ? next : refuse(Http1Offence.BARE_CR, at);
  }

  /** Refuses an octet; a line's end is named for what it is. */
  final int refuse(Http1Offence reason, byte octet, int at) {
    return refuse(octet == Octets.LF ? Http1Offence.BARE_LF : reason, at);
  }
}
