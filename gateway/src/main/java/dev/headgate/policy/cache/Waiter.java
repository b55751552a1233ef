package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a {@link Fill}; told one of these, once (the last apart), on its own
 * event loop.
 */
interface Waiter {
  EventLoop loop();

  /**
   * An answer is coming that may be for it, unless its {@code Vary} says otherwise.
   *
   * @param headers its own, for whoever the service was asked for also what is not kept
   * @param body its own
   */
  void growing(Head head, HttpHeaders headers, Body body);

  /**
   * The answer that was stored is still the one there is, unless its {@code Vary} says otherwise.
   *
   * @param stored held for it
   */
  void validated(Stored stored);

  /**
   * Another node had the answer, which is fresh and was selected by what the first one asked with.
   *
   * @param stored held for it
   */
  void found(Stored stored);

  /**
   * The answer is for nobody but whoever the service was asked for.
   *
   * @param answer owned from here on; null for all others, who are to ask for themselves
   */
  void unshared(@Nullable GatewayResponse answer);

  /**
   * The service failed.
   *
   * @param status that it answered; 0 where it did not
   * @param answer owned from here on; null for all but whoever the service was asked for
   * @param error in the place of an answer
   */
  void failed(int status, @Nullable GatewayResponse answer, @Nullable Throwable error);

  /** The answer that it got for itself alone ends before its end. */
  void aborted(GatewayFailure failure);
}
