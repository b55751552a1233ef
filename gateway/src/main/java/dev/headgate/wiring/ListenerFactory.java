package dev.headgate.wiring;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Http2;

/** Makes the server of one listener beside the main one. */
final class ListenerFactory extends NettyReactiveWebServerFactory {
  private final String name;
  private final ListenerProperties properties;

  ListenerFactory(String name, ListenerProperties properties) {
    this.name = name;
    this.properties = properties;
  }

  String name() {
    return name;
  }

  ListenerProperties properties() {
    return properties;
  }

  /** Puts its own settings in the place of the main server's, which Boot has just applied. */
  void settle() {
    if (properties.port() != null) {
      setPort(properties.port());
    }
    setAddress(properties.address());
    setSsl(properties.ssl());
    if (properties.http2() != null) {
      Http2 http2 = new Http2();
      http2.setEnabled(properties.http2());
      setHttp2(http2);
    }
  }
}
