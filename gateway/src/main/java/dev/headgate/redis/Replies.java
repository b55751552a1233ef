package dev.headgate.redis;

import dev.headgate.redis.RedisFailure.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Redis's error replies mean: their first word says it. */
final class Replies {
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("READONLY", Kind.READ_ONLY),
          Map.entry("NOREPLICAS", Kind.READ_ONLY),
          Map.entry("MASTERDOWN", Kind.READ_ONLY),
          // It cannot save, and takes no writes until it can.
          Map.entry("MISCONF", Kind.READ_ONLY),
          Map.entry("OOM", Kind.FULL),
          Map.entry("LOADING", Kind.UNAVAILABLE),
          Map.entry("BUSY", Kind.UNAVAILABLE),
          Map.entry("CLUSTERDOWN", Kind.UNAVAILABLE),
          Map.entry("TRYAGAIN", Kind.UNAVAILABLE),
          Map.entry("MOVED", Kind.UNAVAILABLE),
          Map.entry("ASK", Kind.UNAVAILABLE));

  private Replies() {}

  /** The error reply that this came of, null where it came of none. */
  static @Nullable RedisCommandExecutionException reply(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException reply) {
        return reply;
      }
    }
    return null;
  }

  static Kind kind(RedisCommandExecutionException reply) {
    String message = String.valueOf(reply.getMessage());
    Kind kind = KINDS.get(firstWord(message));
    if (kind != null) {
      return kind;
    }
    // What a script's own call was answered is quoted in the middle.
    for (Map.Entry<String, Kind> known : KINDS.entrySet()) {
      if (message.contains("-" + known.getKey() + " ")) {
        return known.getValue();
      }
    }
    return message.contains("command not allowed when used memory") ? Kind.FULL : Kind.REFUSED;
  }

  /** Whether it is a replica that says so, and not a master that takes no writes for now. */
  static boolean isDemoted(RedisCommandExecutionException reply) {
    return kind(reply) == Kind.READ_ONLY && String.valueOf(reply.getMessage()).contains("READONLY");
  }

  static boolean is(RedisCommandExecutionException reply, String word) {
    return firstWord(String.valueOf(reply.getMessage())).equals(word);
  }

  private static String firstWord(String message) {
    int space = message.indexOf(' ');
    return space < 0 ? message : message.substring(0, space);
  }
}
