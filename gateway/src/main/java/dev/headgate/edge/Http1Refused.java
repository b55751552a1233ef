package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;

/** Why a request that breaks HTTP's syntax did not get as far as Netty's codec. */
final class Http1Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;

  Http1Refused(Http1Offence offence) {
    super(offence.message(), null, false, false);
    this.reason = offence.reason();
  }

  FailureReason reason() {
    return reason;
  }
}
