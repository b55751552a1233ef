package dev.headgate.upstream;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Says which failure a connection attempt that threw stands for. */
final class ConnectFailures {
  private ConnectFailures() {}

  static GatewayFailure classify(Throwable error) {
    if (error instanceof GatewayFailure known) {
      return known;
    }
    Throwable cause = error;
    // What a handler threw comes wrapped by the decoder before it.
    if (error instanceof DecoderException && error.getCause() != null) {
      cause = error.getCause();
    }
    return GatewayFailure.of(reason(cause), error);
  }

  /**
   * Whether a connection's failing is the end of its handshake: in TLS 1.3 a server may refuse the
   * client's certificate after the client has begun to send, though before it takes any of that
   * (RFC 8446 section 4.4.2.4).
   */
  static boolean endsHandshake(Throwable error) {
    return error instanceof SSLHandshakeException
        || error.getCause() instanceof SSLHandshakeException;
  }

  private static FailureReason reason(Throwable error) {
    if (error instanceof ConnectTimeoutException) {
      return FailureReason.UPSTREAM_CONNECT_TIMEOUT;
    }
    if (error instanceof UnknownHostException) {
      return FailureReason.UPSTREAM_DNS_FAILURE;
    }
    if (error instanceof ConnectException) {
      return FailureReason.UPSTREAM_CONNECTION_REFUSED;
    }
    if (error instanceof SSLException) {
      return blamesCertificate(error)
          ? FailureReason.UPSTREAM_CERTIFICATE_INVALID
          : FailureReason.UPSTREAM_TLS_FAILURE;
    }
    if (error instanceof Http2Exception) {
      return FailureReason.UPSTREAM_PROTOCOL_ERROR;
    }
    // A connection that stood and was closed before it was ours: in the TLS handshake.
    return error instanceof ClosedChannelException
        ? FailureReason.UPSTREAM_TLS_FAILURE
        : FailureReason.UPSTREAM_UNREACHABLE;
  }

  private static boolean blamesCertificate(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }
}
