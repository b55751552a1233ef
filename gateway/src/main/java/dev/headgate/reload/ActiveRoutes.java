package dev.headgate.reload;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.config.ConfigSet;
import dev.headgate.policy.Policies;
import dev.headgate.route.RouteTable;
import dev.headgate.upstream.UpstreamRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The active table, and the way a new one takes its place: decoded, compiled and checked whole,
 * then swapped in one write. A set with an error changes nothing that runs.
 */
public final class ActiveRoutes implements Supplier<@Nullable RouteTable> {
  private final Policies policies;
  private final ConfigExaminer examiner;
  private final RouteTableCompiler compiler;
  private final UpstreamRegistry upstreams;
  private final InstantSource clock;
  private final List<Runnable> whenActive = new CopyOnWriteArrayList<>();
  private volatile @Nullable RouteTable table;
  private volatile ReloadStatus status = ReloadStatus.NONE;

  /**
   * Starts without a table.
   *
   * @param clock the wall clock, for the status and for what sunsets are near
   * @param mayBeEmpty see {@link ConfigExaminer}
   */
  public ActiveRoutes(
      Policies policies, UpstreamRegistry upstreams, InstantSource clock, boolean mayBeEmpty) {
    this.policies = policies;
    this.examiner = new ConfigExaminer(policies, clock, mayBeEmpty, upstreams::problemWith);
    this.compiler = new RouteTableCompiler(policies);
    this.upstreams = upstreams;
    this.clock = clock;
  }

  /** The table to serve by; null before the first good set. */
  @Override
  public @Nullable RouteTable get() {
    return table;
  }

  /** How the last attempt went, and what is served. */
  public ReloadStatus status() {
    return status;
  }

  /** Does something whenever a table has become active, on the thread that loads the config. */
  public void whenActive(Runnable action) {
    whenActive.add(action);
  }

  /**
   * Puts a set in force, unless it has an error.
   *
   * @param found what was wrong with reading the files
   * @param origin where it came from
   * @return all its problems, warnings included
   */
  public synchronized List<ConfigProblem> apply(
      List<ConfigFile> files, List<ConfigProblem> found, ReloadStatus.Origin origin) {
    ConfigExaminer.Examined examined = examiner.examine(files, found);
    Instant now = clock.instant();
    if (examined.refused()) {
      status = status.refused(now, examined.problems());
      return examined.problems();
    }
    ConfigSet set = examined.set();
    UpstreamRegistry.Plan plan = upstreams.plan(set.upstreams().values());
    long version = status.version() + 1;
    RouteTable compiled = compiler.compile(set, examined.rules(), version, plan);
    table = compiled;
    plan.commit();
    policies.activated(set);
    status = status.accepted(now, examined.problems(), version, set.routes().size(), origin);
    whenActive.forEach(Runnable::run);
    return examined.problems();
  }
}
