package dev.headgate.wiring;

import dev.headgate.policy.cache.AnswerCache;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The response cache, at {@code /actuator/cache} of the admin port: how much there is, and how to
 * purge answers by their URL, their route or their tag.
 */
@Endpoint(id = "cache")
final class CacheEndpoint {
  private final AnswerCache cache;

  CacheEndpoint(AnswerCache cache) {
    this.cache = cache;
  }

  @ReadOperation
  Map<String, Object> use() {
    return cache.use();
  }

  /**
   * Purges.
   *
   * @param soft whether answers are only marked stale, so that they can still stand in
   */
  @DeleteOperation
  Mono<WebEndpointResponse<Map<String, Object>>> purge(
      @Nullable String url, @Nullable String route, @Nullable String tag, @Nullable String soft) {
    List<String> what = Stream.of(url, route, tag).filter(Objects::nonNull).toList();
    if (what.size() != 1 || what.get(0).isBlank()) {
      return Mono.just(refused("expected: one of url, route and tag"));
    }
    if (soft != null && !soft.equals("true") && !soft.equals("false")) {
      return Mono.just(refused("soft: " + soft + " (expected: true or false)"));
    }
    boolean only = "true".equals(soft);
    Callable<Integer> purging =
        () ->
            url != null
                ? cache.purgeUrl(url, only)
                : route != null
                    ? cache.purgeRoute(route, only)
                    : cache.purgeTag(Objects.requireNonNull(tag), only);
    // It looks at all that is stored, which is nothing for an event loop.
    return Mono.fromCallable(purging)
        .subscribeOn(Schedulers.boundedElastic())
        .map(count -> new WebEndpointResponse<>(Map.<String, Object>of("purged", count)))
        .onErrorResume(
            IllegalArgumentException.class,
            wrong -> Mono.just(refused("url: " + wrong.getMessage())));
  }

  private static WebEndpointResponse<Map<String, Object>> refused(String why) {
    return new WebEndpointResponse<>(Map.of("error", why), WebEndpointResponse.STATUS_BAD_REQUEST);
  }
}
