package dev.headgate.edge;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.PolicyChain;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

/**
 * An exchange that Spring answers on our port. It gets its request id and its log line like ours,
 * and keeps its place among the pipelined ones.
 */
final class StockExchange implements Dispatch.Running {
  /** The exchange that Spring is answering on a connection, for the filter that mounts a chain. */
  static final AttributeKey<GatewayExchange> CURRENT = AttributeKey.valueOf("headgate.exchange");

  private final GatewayExchange exchange;
  private final PolicyChain chain;
  private boolean headSeen;
  private boolean tunnel;
  private boolean ended;

  StockExchange(GatewayExchange exchange, PolicyChain chain) {
    this.exchange = exchange;
    this.chain = chain;
  }

  void start(Channel channel) {
    channel.attr(CURRENT).set(exchange);
    chain.enter(exchange);
  }

  /** The exchange of ours in which Spring answers a request; null for those that are none. */
  static @Nullable GatewayExchange of(ServerHttpRequest request) {
    Object carried = ServerHttpRequestDecorator.<Object>getNativeRequest(request);
    return carried instanceof Connection connection
        ? connection.channel().attr(CURRENT).get()
        : null;
  }

  GatewayExchange exchange() {
    return exchange;
  }

  void received(long bytes) {
    exchange.record().received(bytes);
  }

  /** Whether the connection no longer speaks HTTP. */
  boolean tunnel() {
    return tunnel;
  }

  /**
   * Looks at what Spring writes, before it is written.
   *
   * @return whether it is the end of the response
   */
  boolean written(Object message) {
    if (message instanceof HttpResponse response) {
      boolean switching = response.status().code() == 101;
      if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL && !switching) {
        return false;
      }
      tunnel = switching;
      headSeen = true;
      exchange.record().status(response.status().code());
      chain.onResponse(
          exchange, new GatewayResponse(response.status(), response.headers(), Body.EMPTY));
    }
    if (message instanceof ByteBufHolder holder) {
      exchange.record().sent(holder.content().readableBytes());
    } else if (message instanceof ByteBuf bytes) {
      exchange.record().sent(bytes.readableBytes());
    }
    return headSeen && !tunnel && message instanceof LastHttpContent;
  }

  /** Ends the exchange when its last write has left. */
  ChannelPromise ending(ChannelPromise promise) {
    return promise.unvoid().addListener(done -> end(done.isSuccess()));
  }

  void clientGone() {
    end(tunnel);
  }

  private void end(boolean whole) {
    if (ended) {
      return;
    }
    ended = true;
    if (!whole) {
      exchange.record().flag(FailureReason.CLIENT_ABORTED);
      if (!headSeen) {
        exchange.record().status(FailureReason.CLIENT_ABORTED.status());
      }
    }
    exchange.ended();
    chain.onEnd(exchange);
  }
}
