package dev.headgate.contract.observability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All series there are, by name, with their labels. */
final class Series {
  /** Of any series: Prometheus adds them when it scrapes. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

  private static final Pattern WORD = Pattern.compile("[a-z_]+");

  /** What is used and not in docs/metrics.md: Spring Boot's own, and Prometheus's. */
  private static final Map<String, Set<String>> OF_OTHERS =
      Map.ofEntries(
          Map.entry("jvm_memory_used_bytes", Set.of("area", "id")),
          Map.entry("jvm_memory_max_bytes", Set.of("area", "id")),
          Map.entry("jvm_gc_pause_seconds_sum", Set.of("action", "cause", "gc")),
          Map.entry("jvm_gc_memory_allocated_bytes_total", Set.of()),
          Map.entry("jvm_threads_live_threads", Set.of()),
          Map.entry("process_cpu_usage", Set.of()),
          Map.entry("process_files_open_files", Set.of()),
          Map.entry("process_start_time_seconds", Set.of()),
          Map.entry("process_uptime_seconds", Set.of()),
          Map.entry("system_cpu_usage", Set.of()),
          Map.entry("logback_events_total", Set.of("level")),
          Map.entry("up", Set.of()),
          Map.entry("ALERTS", Set.of("alertname", "alertstate", "severity", "route", "upstream")));

  private final Map<String, Set<String>> labels = new HashMap<>(OF_OTHERS);

  /** Those of the table in {@code metrics}, which is docs/metrics.md. */
  Series(String metrics) {
    for (String line : metrics.lines().filter(line -> line.startsWith("| `")).toList()) {
      String[] cells = line.split("\\|", -1);
      String name = cells[1].strip().replace("`", "");
      Set<String> of = new HashSet<>();
      for (Matcher label = WORD.matcher(cells[4]); label.find(); ) {
        of.add(label.group());
      }
      switch (cells[2].strip()) {
        case "histogram" -> {
          add(of, name + "_count", name + "_sum", name + "_max");
          Set<String> ofBuckets = new HashSet<>(of);
          ofBuckets.add("le");
          add(ofBuckets, name + "_bucket");
        }
        case "summary" -> add(of, name + "_count", name + "_sum", name + "_max");
        default -> add(of, name);
      }
    }
  }

  int size() {
    return labels.size();
  }

  private void add(Set<String> of, String... names) {
    for (String name : names) {
      labels.put(name, of);
    }
  }

  /** What a recording rule adds; its labels are those that its expression groups by. */
  void recorded(String name, String expression) {
    PromqlNames names = PromqlNames.of(expression);
    Set<String> of = new HashSet<>(names.grouped());
    names.selectors().stream()
        .map(PromqlNames.Selector::metric)
        .filter(metric -> metric.indexOf(':') >= 0)
        .forEach(metric -> of.addAll(labels.getOrDefault(metric, Set.of())));
    add(of, name);
  }

  /** The labels that a result of {@code expression} may have. */
  Set<String> labelsIn(String expression) {
    Set<String> all = new HashSet<>(OF_THE_SCRAPE);
    for (PromqlNames.Selector selector : PromqlNames.of(expression).selectors()) {
      all.addAll(labels.getOrDefault(selector.metric(), Set.of()));
    }
    return all;
  }

  /** What {@code expression} names and is not there, each with {@code where} before it. */
  List<String> unknownIn(String where, String expression) {
    List<String> problems = new ArrayList<>();
    PromqlNames names = PromqlNames.of(expression);
    for (PromqlNames.Selector selector : names.selectors()) {
      Set<String> of = labels.get(selector.metric());
      if (of == null) {
        problems.add(where + ": no metric '" + selector.metric() + "'");
        continue;
      }
      for (String label : selector.labels()) {
        if (!of.contains(label) && !OF_THE_SCRAPE.contains(label)) {
          problems.add(where + ": '" + selector.metric() + "' has no label '" + label + "'");
        }
      }
    }
    Set<String> known = labelsIn(expression);
    for (String label : names.grouped()) {
      if (!known.contains(label)) {
        problems.add(where + ": nothing has the label '" + label + "'");
      }
    }
    return problems;
  }
}
