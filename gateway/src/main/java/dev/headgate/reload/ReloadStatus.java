package dev.headgate.reload;

import dev.headgate.config.ConfigProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is served, and how the last attempt to change it went.
 *
 * @param version of the active table; 0 while there is none
 * @param routes in the active table
 * @param origin where the active table came from; null while there is none
 * @param activeSince when it was put in force
 * @param lastAttempt when a set was last looked at
 * @param lastAccepted whether that set is the one in force
 * @param problems of that set, warnings included
 * @param accepted sets put in force since the start
 * @param refused sets refused since the start
 */
public record ReloadStatus(
    long version,
    int routes,
    @Nullable Origin origin,
    @Nullable Instant activeSince,
    @Nullable Instant lastAttempt,
    boolean lastAccepted,
    List<ConfigProblem> problems,
    long accepted,
    long refused) {

  /** Where a set came from. */
  public enum Origin {
    /** The config repo itself. */
    SOURCE,
    /** The last good set of {@code headgate.state-dir}, since the config repo has errors. */
    LAST_GOOD
  }

  static final ReloadStatus NONE = new ReloadStatus(0, 0, null, null, null, false, List.of(), 0, 0);

  ReloadStatus accepted(
      Instant now, List<ConfigProblem> warnings, long newVersion, int count, Origin from) {
    // Serving the last good set does not mend the source: what was wrong with it stays to be seen.
    boolean mended = from == Origin.SOURCE;
    return new ReloadStatus(
        newVersion,
        count,
        from,
        now,
        now,
        mended,
        mended ? List.copyOf(warnings) : problems,
        accepted + 1,
        refused);
  }

  ReloadStatus refused(Instant now, List<ConfigProblem> errors) {
    return new ReloadStatus(
        version,
        routes,
        origin,
        activeSince,
        now,
        false,
        List.copyOf(errors),
        accepted,
        refused + 1);
  }
}
