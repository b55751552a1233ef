package dev.headgate.contract.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Listeners of TLS that a client without a certificate does not get through to. */
public final class NeedingCertificates extends ServerSocketFactory {
  private final SSLServerSocketFactory sockets;

  public NeedingCertificates(SSLServerSocketFactory sockets) {
    this.sockets = sockets;
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return needing(sockets.createServerSocket(port));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return needing(sockets.createServerSocket(port, backlog));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return needing(sockets.createServerSocket(port, backlog, address));
  }

  private static ServerSocket needing(ServerSocket socket) {
    ((SSLServerSocket) socket).setNeedClientAuth(true);
    return socket;
  }
}
