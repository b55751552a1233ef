package dev.headgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailuresTest {
  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(new ConnectTimeoutException(), FailureReason.UPSTREAM_CONNECT_TIMEOUT),
        Arguments.of(new UnknownHostException(), FailureReason.UPSTREAM_DNS_FAILURE),
        Arguments.of(new ConnectException(), FailureReason.UPSTREAM_CONNECTION_REFUSED),
        Arguments.of(new NoRouteToHostException(), FailureReason.UPSTREAM_UNREACHABLE),
        Arguments.of(new IOException("any"), FailureReason.UPSTREAM_UNREACHABLE),
        Arguments.of(new SSLException("plain text"), FailureReason.UPSTREAM_TLS_FAILURE),
        Arguments.of(new SslHandshakeTimeoutException("slow"), FailureReason.UPSTREAM_TLS_FAILURE),
        Arguments.of(new ClosedChannelException(), FailureReason.UPSTREAM_TLS_FAILURE),
        Arguments.of(
            caused(new CertificateExpiredException()), FailureReason.UPSTREAM_CERTIFICATE_INVALID),
        Arguments.of(
            caused(new RuntimeException(new CertPathValidatorException())),
            FailureReason.UPSTREAM_CERTIFICATE_INVALID));
  }

  private static Exception caused(Throwable cause) {
    return (Exception) new SSLHandshakeException("refused").initCause(cause);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void eachIsItsOwnReason(Throwable error, FailureReason reason) {
    GatewayFailure failure = ConnectFailures.classify(error);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure).hasCause(error);
  }
}
