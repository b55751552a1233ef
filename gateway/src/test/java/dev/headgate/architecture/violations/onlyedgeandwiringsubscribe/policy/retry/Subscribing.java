package dev.headgate.architecture.violations.onlyedgeandwiringsubscribe.policy.retry;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;

final class Subscribing {
  static Disposable start(Mono<String> work) {
    return work.subscribe();
  }
}
