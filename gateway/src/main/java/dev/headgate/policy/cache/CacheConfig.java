package dev.headgate.policy.cache;

import dev.headgate.config.ConfigKey;
import dev.headgate.config.Field;
import dev.headgate.config.ObjectSpec;
import dev.headgate.config.ProblemCode;
import dev.headgate.config.Spec;
import dev.headgate.config.Specs;
import dev.headgate.config.Values;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a route's answers are kept.
 *
 * @param staleIfError how long after it is stale an answer stands in for one that does not come,
 *     where the service does not say; 0 to 30d
 * @param staleWhileRevalidate how long after that it is given while another is fetched; 0 to 30d
 * @param defaultTtl how long an answer is fresh whose service does not say; 0 to 30d
 * @param maxEntry bytes of an answer that is kept; 1KiB to 64MiB
 * @param varyBy what else tells one answer from another
 * @param tagsFrom the field that names an answer's tags; null for none
 * @param query which part of the query does
 */
record CacheConfig(
    Duration staleIfError,
    Duration staleWhileRevalidate,
    Duration defaultTtl,
    int maxEntry,
    List<CallerPart> varyBy,
    @Nullable String tagsFrom,
    QueryRule query) {
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Pattern PARAMETER = Pattern.compile("[^&=#\\s*]{1,128}\\*?");

  private static final Field<Duration> STALE_IF_ERROR =
      Field.withDefault(
          "stale-if-error",
          window(),
          "0s",
          "How long an answer that has become stale stands in for one that does not come, because the service cannot be reached, takes too long, answers 500, 502, 503 or 504, or is not asked (breaker open, bulkhead full). The service's own stale-if-error (RFC 5861) goes before; must-revalidate, proxy-revalidate, s-maxage and no-cache forbid it.");

  private static final Field<Duration> STALE_WHILE_REVALIDATE =
      Field.withDefault(
          "stale-while-revalidate",
          window(),
          "0s",
          "How long a stale answer is given at once while another is fetched in the background. As with stale-if-error, the service goes before.");

  private static final Field<Duration> DEFAULT_TTL =
      Field.withDefault(
          "default-ttl",
          window(),
          "0s",
          "How long an answer is fresh whose service says nothing of it. With 0s a tenth of the time since Last-Modified, at most a day, and otherwise not at all.");

  private static final Field<Long> MAX_ENTRY =
      Field.withDefault(
          "max-entry",
          Specs.size(1 << 10, 64 << 20),
          "1MiB",
          "How large an answer may be that is kept; a larger one is passed on.");

  private static final Field<List<CallerPart>> VARY_BY =
      Field.otherwise(
          "vary-by",
          Specs.listOf(CallerPart.SPEC, 0, 8),
          List.of(),
          "[]",
          "What tells one answer from another, beside the URL, the version and what the service names in Vary: headers such as X-Tenant, or principal, a digest of the credential in Authorization.");

  private static final Field<String> TAGS_FROM =
      Field.optional(
          "tags-from",
          Specs.headerName(),
          "The field of an answer, such as Cache-Tag, whose words (separated by commas or spaces) are its tags, by which it can be purged.");

  private static final Field<Boolean> SORT =
      Field.withDefault(
          "sort", Specs.bool(), "false", "Whether the order of parameters does not count.");

  private static final Field<List<String>> IGNORE =
      Field.otherwise(
          "ignore",
          Specs.listOf(parameter(), 0, 64),
          List.of(),
          "[]",
          "Parameters that do not count; a name that ends in * is a prefix, such as utm_*.");

  private static final Field<List<String>> ONLY =
      Field.otherwise(
          "only",
          Specs.listOf(parameter(), 0, 64),
          List.of(),
          "[]",
          "The parameters that count, and no others.");

  private static final Field<QueryRule> QUERY =
      Field.otherwise(
          "query",
          Specs.object(CacheConfig::query, SORT, IGNORE, ONLY),
          QueryRule.AS_SENT,
          "as sent",
          "Which part of the query tells one answer from another. The service gets all of it.");

  static final ConfigKey<CacheConfig> KEY =
      new ConfigKey<>(
          "cache",
          spec(),
          "Keeps answers to GET as a shared cache (RFC 9111), and gives stale ones where that is allowed (RFC 5861).");

  private static Spec<Duration> window() {
    return Specs.duration(Duration.ZERO, LONGEST);
  }

  private static Spec<String> parameter() {
    return Specs.text(
        PARAMETER, ProblemCode.BAD_VALUE, "a parameter's name, perhaps with * at its end");
  }

  private static @Nullable QueryRule query(Values v) {
    if (!v.get(IGNORE).isEmpty() && !v.get(ONLY).isEmpty()) {
      v.problem(
          ONLY, ProblemCode.CONFLICTING_KEYS, "stands beside ignore (expected: one of the two)");
      return null;
    }
    return new QueryRule(v.get(SORT), List.copyOf(v.get(IGNORE)), List.copyOf(v.get(ONLY)));
  }

  private static ObjectSpec<CacheConfig> spec() {
    return Specs.object(
        v ->
            new CacheConfig(
                v.get(STALE_IF_ERROR),
                v.get(STALE_WHILE_REVALIDATE),
                v.get(DEFAULT_TTL),
                v.get(MAX_ENTRY).intValue(),
                List.copyOf(v.get(VARY_BY)),
                v.find(TAGS_FROM),
                v.get(QUERY)),
        STALE_IF_ERROR,
        STALE_WHILE_REVALIDATE,
        DEFAULT_TTL,
        MAX_ENTRY,
        VARY_BY,
        TAGS_FROM,
        QUERY);
  }
}
