package dev.headgate.policy.idempotency;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** What people may ask of keys, and do to them. Bodies are not shown: they are the callers'. */
public record KeyAdmin(KeyStore keys) {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Pattern LOOKUP_KEY =
      Pattern.compile("[A-Za-z0-9._-]{1,128}:[A-Za-z0-9_-]{32}");

  /**
   * What a client's key is kept under.
   *
   * @param namespace the route's id, or what it has for one
   * @param key the client's, without quotes
   * @param caller for each part of the route's scope {@code name:value}; the name alone where a
   *     request has nothing of it
   */
  public static String lookupKey(String namespace, String key, List<String> caller) {
    return Digests.lookup(namespace, caller.stream().map(KeyAdmin::said).toList(), key).text();
  }

  private static Digests.Said said(String part) {
    int colon = part.indexOf(':');
    return colon < 0
        ? new Digests.Said(part.toLowerCase(Locale.ROOT), List.of())
        : new Digests.Said(
            part.substring(0, colon).toLowerCase(Locale.ROOT),
            List.of(part.substring(colon + 1).strip()));
  }

  /** Whether a text is what keys are kept under, as the access log writes it. */
  public static boolean isLookupKey(String text) {
    return LOOKUP_KEY.matcher(text).matches();
  }

  /** What is known of a key; empty where it is free. */
  public CompletionStage<Optional<Map<String, Object>>> find(String lookupKey) {
    return keys.store()
        .find(new LookupKey(lookupKey), LIMIT)
        .thenApply(there -> there.map(entry -> told(lookupKey, entry)));
  }

  /**
   * Lets a key be used again, whoever holds it.
   *
   * @return whether there was anything
   */
  public CompletionStage<Boolean> clear(String lookupKey) {
    return keys.store().clear(new LookupKey(lookupKey), LIMIT);
  }

  private static Map<String, Object> told(String lookupKey, Entry entry) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("key", lookupKey);
    if (entry instanceof Entry.Running running) {
      told.put("state", "running");
      told.put("leaseLeftMs", running.left().toMillis());
    } else if (entry instanceof Entry.Unknown) {
      told.put("state", "unknown");
    } else if (entry instanceof Entry.Completed completed) {
      told.put("state", "completed");
      told.put("status", completed.answer().status());
      told.put("bodyBytes", completed.answer().body().length);
    } else {
      told.put("state", "response-not-stored");
    }
    return told;
  }
}
