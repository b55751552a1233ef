package dev.headgate.contract.cache;

import dev.headgate.contract.harness.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last member of {@code Cache-Status} (RFC 9211), read as the list of structured fields that it
 * is.
 *
 * @param parameters their values as they stand; {@code ?1} where a parameter has none
 */
record CacheStatus(String cache, Map<String, String> parameters) {
  private static final String TOKEN = "[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*";
  private static final String STRING = "\"(?:[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])*\"";
  private static final String BARE = TOKEN + "|" + STRING + "|-?[0-9]{1,15}|\\?[01]";
  private static final Pattern PARAMETER =
      Pattern.compile("; *([a-z*][a-z0-9_.*-]*)(?:=(" + BARE + "))?");
  private static final Pattern MEMBER =
      Pattern.compile(
          "(" + TOKEN + "|" + STRING + ")((?:; *[a-z*][a-z0-9_.*-]*(?:=(?:" + BARE + "))?)*)");

  static CacheStatus of(Response response) {
    List<CacheStatus> all = all(response);
    if (all.isEmpty()) {
      throw new AssertionError("no Cache-Status in " + response);
    }
    return all.get(all.size() - 1);
  }

  /** Every member, the one nearest to the service first. */
  static List<CacheStatus> all(Response response) {
    List<CacheStatus> all = new ArrayList<>();
    String text = String.join(", ", response.headers("cache-status"));
    Matcher member = MEMBER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!member.region(at, text.length()).lookingAt()) {
        throw new AssertionError("not a list of structured fields: " + text);
      }
      all.add(new CacheStatus(member.group(1), parameters(member.group(2))));
      at = afterComma(text, member.end());
    }
    return all;
  }

  private static int afterComma(String text, int at) {
    if (at == text.length()) {
      return at;
    }
    Matcher comma = Pattern.compile("[ \t]*,[ \t]*(?=.)").matcher(text).region(at, text.length());
    if (!comma.lookingAt()) {
      throw new AssertionError("not a list of structured fields: " + text);
    }
    return comma.end();
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(text);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2) == null ? "?1" : matcher.group(2));
    }
    return parameters;
  }

  boolean is(String flag) {
    return "?1".equals(parameters.get(flag));
  }

  @Nullable String get(String name) {
    return parameters.get(name);
  }

  /** The freshness that is left, in seconds. */
  long ttl() {
    String ttl = parameters.get("ttl");
    if (ttl == null) {
      throw new AssertionError("no ttl in " + this);
    }
    return Long.parseLong(ttl);
  }
}
