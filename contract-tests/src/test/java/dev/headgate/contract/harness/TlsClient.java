package dev.headgate.contract.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A client of TLS that trusts whatever certificate it is shown, to say afterwards what it was. */
public final class TlsClient {
  private final List<String> protocols = new ArrayList<>();
  private final List<String> alpn = new ArrayList<>();
  private @Nullable String serverName;
  private @Nullable Certificate own;
  private @Nullable String first;

  public TlsClient serverName(String name) {
    serverName = name;
    return this;
  }

  public TlsClient certificate(Certificate shown) {
    own = shown;
    return this;
  }

  public TlsClient protocols(String... versions) {
    protocols.addAll(List.of(versions));
    return this;
  }

  public TlsClient alpn(String... offered) {
    alpn.addAll(List.of(offered));
    return this;
  }

  /** What is sent ahead of the handshake. */
  public TlsClient sendingFirst(String text) {
    first = text;
    return this;
  }

  /** Connects and shakes hands. */
  public SSLSocket to(int port) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), new TrustManager[] {new Anybody()}, null);
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
      plain.setSoTimeout(20_000);
      if (first != null) {
        plain.getOutputStream().write(first.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      }
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
      SSLParameters parameters = socket.getSSLParameters();
      if (serverName != null) {
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
      }
      if (!protocols.isEmpty()) {
        parameters.setProtocols(protocols.toArray(String[]::new));
      }
      parameters.setApplicationProtocols(alpn.toArray(String[]::new));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (java.security.GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The subject of the certificate that a port shows. */
  public String subject(int port) throws IOException {
    try (SSLSocket socket = to(port)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  /** One request on a connection of its own. */
  public Response get(int port, String target, String... headers) throws IOException {
    try (SSLSocket socket = to(port);
        RawHttp http = RawHttp.over(socket)) {
      return http.request("GET " + target, headers).response("GET");
    }
  }

  /** For clients of other making. */
  public static SSLContext trustingAnybody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (java.security.GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private KeyManager @Nullable [] keys() throws java.security.GeneralSecurityException {
    if (own == null) {
      return null;
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own.keys(), own.password());
    return managers.getKeyManagers();
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
