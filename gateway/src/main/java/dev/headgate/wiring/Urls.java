package dev.headgate.wiring;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/** URLs as they are shown to people. */
final class Urls {
  private Urls() {}

  /** A socket that listens everywhere is shown where it can be tried. */
  static String of(String scheme, InetAddress address, int port) {
    String host = address.isAnyLocalAddress() ? "127.0.0.1" : NetUtil.toAddressString(address);
    return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
