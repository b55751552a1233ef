package dev.headgate.wiring;

import dev.headgate.policy.idempotency.KeyAdmin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

/**
 * Idempotency keys, at {@code /actuator/idempotency} of the admin port: what is known of one, and
 * how to clear one whose outcome people have found out.
 */
@Endpoint(id = "idempotency")
final class IdempotencyEndpoint {
  private static final int UNAVAILABLE = 503;
  private static final String ERROR = "error";

  private final KeyAdmin keys;

  IdempotencyEndpoint(KeyAdmin keys) {
    this.keys = keys;
  }

  /** By what the access log says as {@code idempotency.key}. */
  @ReadOperation
  Mono<WebEndpointResponse<Map<String, Object>>> find(@Selector String lookupKey) {
    return checked(lookupKey, this::found);
  }

  /** By the client's own key; see {@link KeyAdmin#lookupKey}. */
  @ReadOperation
  Mono<WebEndpointResponse<Map<String, Object>>> findByClientsKey(
      @Nullable String namespace, @Nullable String key, @Nullable Object caller) {
    return lookedUp(namespace, key, caller, this::found);
  }

  @DeleteOperation
  Mono<WebEndpointResponse<Map<String, Object>>> clear(@Selector String lookupKey) {
    return checked(lookupKey, this::cleared);
  }

  @DeleteOperation
  Mono<WebEndpointResponse<Map<String, Object>>> clearByClientsKey(
      @Nullable String namespace, @Nullable String key, @Nullable Object caller) {
    return lookedUp(namespace, key, caller, this::cleared);
  }

  private Mono<WebEndpointResponse<Map<String, Object>>> found(String lookupKey) {
    return Mono.fromCompletionStage(() -> keys.find(lookupKey))
        .map(
            there ->
                there
                    .map(known -> new WebEndpointResponse<>(known))
                    .orElseGet(() -> answer(WebEndpointResponse.STATUS_NOT_FOUND, lookupKey)))
        .onErrorResume(IdempotencyEndpoint::unavailable);
  }

  private Mono<WebEndpointResponse<Map<String, Object>>> cleared(String lookupKey) {
    return Mono.fromCompletionStage(() -> keys.clear(lookupKey))
        .map(
            there ->
                there
                    ? new WebEndpointResponse<>(state(lookupKey, "cleared"))
                    : answer(WebEndpointResponse.STATUS_NOT_FOUND, lookupKey))
        .onErrorResume(IdempotencyEndpoint::unavailable);
  }

  private static WebEndpointResponse<Map<String, Object>> answer(int status, String lookupKey) {
    return new WebEndpointResponse<>(state(lookupKey, "free"), status);
  }

  private static Map<String, Object> state(String lookupKey, String state) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("key", lookupKey);
    told.put("state", state);
    return told;
  }

  private static Mono<WebEndpointResponse<Map<String, Object>>> unavailable(Throwable error) {
    return Mono.just(
        new WebEndpointResponse<>(
            Map.of(ERROR, "the store cannot be asked: " + error.getMessage()), UNAVAILABLE));
  }

  private static Mono<WebEndpointResponse<Map<String, Object>>> checked(
      String lookupKey, Function<String, Mono<WebEndpointResponse<Map<String, Object>>>> then) {
    return KeyAdmin.isLookupKey(lookupKey)
        ? then.apply(lookupKey)
        : refused("expected: namespace:digest, as the access log has it");
  }

  /**
   * @param caller a text, or a list of them, as the query has it once or more often: Spring would
   *     make a list of the one by splitting it at commas, which are part of what it says
   */
  private static Mono<WebEndpointResponse<Map<String, Object>>> lookedUp(
      @Nullable String namespace,
      @Nullable String key,
      @Nullable Object caller,
      Function<String, Mono<WebEndpointResponse<Map<String, Object>>>> then) {
    if (namespace == null || key == null) {
      return refused(
          "expected: namespace and key, and for each part of the scope caller=name:value");
    }
    return checked(KeyAdmin.lookupKey(namespace, key, parts(caller)), then);
  }

  private static List<String> parts(@Nullable Object caller) {
    if (caller == null) {
      return List.of("principal");
    }
    return caller instanceof List<?> several
        ? several.stream().map(String::valueOf).toList()
        : List.of(caller.toString());
  }

  private static Mono<WebEndpointResponse<Map<String, Object>>> refused(String why) {
    return Mono.just(
        new WebEndpointResponse<>(Map.of(ERROR, why), WebEndpointResponse.STATUS_BAD_REQUEST));
  }
}
