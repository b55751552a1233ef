package dev.headgate.benchmarks;

import dev.headgate.config.ConfigFile;
import dev.headgate.config.ConfigProblem;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.reload.ReloadStatus;
import dev.headgate.wiring.HeadgateApplication;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * How long a reload takes in a gateway that runs: decode, check, compile and swap, from the files'
 * bytes to the new table. Arguments: an empty folder, the number of routes, the number of reloads.
 */
public final class ReloadTime {
  private static final int FILES = 100;

  private ReloadTime() {}

  public static void main(String[] args) throws IOException {
    Path repo = Path.of(args[0], "config-repo");
    int routes = Integer.parseInt(args[1]);
    int reloads = Integer.parseInt(args[2]);
    write(repo, set(1, i -> plain(i, 0)));
    SpringApplication application = new SpringApplication(HeadgateApplication.class);
    try (ConfigurableApplicationContext context =
        application.run(
            "--headgate.config-repo=" + repo,
            "--headgate.state-dir=" + Path.of(args[0], "state"),
            "--server.port=0",
            "--management.server.port=0")) {
      ActiveRoutes active = context.getBean(ActiveRoutes.class);
      print("Wall time, and in brackets the CPU time of the thread that reloads.\n");
      print("| Routes | Set | First after the start | Median of %d | Slowest |", reloads);
      print("|--:|---|--:|--:|--:|");
      measure(active, "path and upstream", routes, reloads, ReloadTime::plain);
      measure(active, "every kind of condition", routes, reloads, ReloadTime::rich);
    }
  }

  private interface Route {
    /** The text of one route; the edit makes it differ from the last reload's. */
    String text(int number, int edit);
  }

  private static void measure(
      ActiveRoutes active, String name, int routes, int reloads, Route route) {
    Took first = reload(active, routes, i -> route.text(i, 0));
    List<Took> later = new ArrayList<>();
    for (int reload = 1; reload <= reloads; reload++) {
      int edit = reload;
      later.add(reload(active, routes, i -> route.text(i, edit)));
    }
    later.sort(Comparator.comparingDouble(Took::wall));
    print(
        "| %,d | %s | %s | %s | %s |",
        routes, name, first, later.get(reloads / 2), later.get(reloads - 1));
  }

  private static Took reload(ActiveRoutes active, int routes, IntFunction<String> route) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<ConfigFile> files = set(routes, route);
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    List<ConfigProblem> problems = active.apply(files, List.of(), ReloadStatus.Origin.SOURCE);
    Took took =
        new Took(
            (System.nanoTime() - start) / 1e6, (threads.getCurrentThreadCpuTime() - cpu) / 1e6);
    if (!active.status().lastAccepted() || active.status().routes() != routes) {
      throw new IllegalStateException("not accepted: " + problems);
    }
    return took;
  }

  /**
   * One reload, in milliseconds.
   *
   * @param wall on the clock, collections and other processes included
   * @param cpu of the thread that reloads: the less disturbed figure on a busy machine
   */
  private record Took(double wall, double cpu) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.0f ms (%.0f)", wall, cpu);
    }
  }

  private static List<ConfigFile> set(int routes, IntFunction<String> route) {
    List<ConfigFile> files = new ArrayList<>();
    files.add(
        ConfigFile.of(
            "upstreams/bench.yml",
            "upstreams:\n  bench:\n    endpoints: [http://127.0.0.1:9, http://127.0.0.1:99]\n"));
    int each = Math.max(1, routes / FILES);
    for (int start = 0; start < routes; start += each) {
      StringBuilder text = new StringBuilder("routes:\n");
      for (int i = start; i < Math.min(routes, start + each); i++) {
        text.append(route.apply(i));
      }
      files.add(ConfigFile.of("routes/bench-%05d.yml".formatted(start), text.toString()));
    }
    return files;
  }

  private static String plain(int number, int edit) {
    return """
          r%1$d:
            match: {path: "/r%1$d/**"}
            upstream: bench
            timeout: {total: %2$dms}
        """
        .formatted(number, 1000 + edit);
  }

  private static String rich(int number, int edit) {
    return """
          r%1$d:
            match:
              hosts: [api%3$d.example.com, "*.shop%3$d.example.com"]
              path: "/v1/area%4$d/{tenant}/things%1$d/**"
              methods: [GET, POST]
              headers: {x-tier: {regex: "gold|silver"}, x-debug: {present: false}}
              query: {beta: "1"}
            priority: %5$d
            upstream: bench
            rewrite: {path: "/internal/{tenant}/things/**"}
            timeout: {total: %2$dms, per-try: 500ms, idle: 30s}
            request-headers: {set: {x-route: "r%1$d"}, remove: [x-c]}
            response-headers: {remove: [server]}
        """
        .formatted(number, 1000 + edit, number % 50, number % 200, number % 3);
  }

  private static void write(Path repo, List<ConfigFile> files) throws IOException {
    for (ConfigFile file : files) {
      Path path = repo.resolve(file.name());
      Files.createDirectories(path.getParent());
      Files.write(path, file.content());
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
