package dev.headgate.contract.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The meters of a gateway as Prometheus reads them. */
public record Scrape(List<Sample> samples) {
  private static final Pattern LINE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*?)})? ([^ ]+)(?: [0-9.]+)?(?: # \\{(.*?)} .*)?");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /**
   * One line.
   *
   * @param exemplar its labels; empty where there is none
   */
  public record Sample(
      String name, Map<String, String> labels, double value, Map<String, String> exemplar) {
    private boolean has(String[] pairs) {
      for (int i = 0; i < pairs.length; i += 2) {
        if (!pairs[i + 1].equals(labels.get(pairs[i]))) {
          return false;
        }
      }
      return true;
    }
  }

  public static Scrape of(GatewayProcess gateway) throws IOException {
    return parse(gateway.metrics());
  }

  public static Scrape openMetrics(GatewayProcess gateway) throws IOException {
    Response response =
        RawHttp.get(
            gateway.adminPort(),
            "/actuator/prometheus",
            "Accept: application/openmetrics-text;version=1.0.0");
    if (!response.need("content-type").startsWith("application/openmetrics-text")) {
      throw new AssertionError(response.head().toString());
    }
    return parse(response.text());
  }

  private static Scrape parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new AssertionError("not a sample: " + line);
      }
      samples.add(
          new Sample(
              matcher.group(1),
              labels(matcher.group(2)),
              Double.parseDouble(matcher.group(3).replace("Inf", "Infinity")),
              labels(matcher.group(4))));
    }
    return new Scrape(samples);
  }

  private static Map<String, String> labels(@org.jspecify.annotations.Nullable String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher matcher = LABEL.matcher(text == null ? "" : text);
    while (matcher.find()) {
      labels.put(matcher.group(1), matcher.group(2));
    }
    return labels;
  }

  /**
   * Those of a name.
   *
   * @param pairs labels and their values, by turns
   */
  public Stream<Sample> of(String name, String... pairs) {
    return samples.stream().filter(sample -> sample.name().equals(name) && sample.has(pairs));
  }

  /** The sum over those of a name, 0 where there is none. */
  public double sum(String name, String... pairs) {
    return of(name, pairs).mapToDouble(Sample::value).sum();
  }

  /** The names of the labels of every name that begins so, {@code le} left out. */
  public Map<String, Set<Set<String>>> labelNames(String prefix) {
    Map<String, Set<Set<String>>> names = new TreeMap<>();
    for (Sample sample : samples) {
      if (sample.name().startsWith(prefix)) {
        Set<String> labels = new TreeSet<>(sample.labels().keySet());
        labels.remove("le");
        names.computeIfAbsent(sample.name(), name -> new java.util.HashSet<>()).add(labels);
      }
    }
    return names;
  }

  /** Every value that a label of ours has. */
  public Set<String> labelValues() {
    Set<String> values = new TreeSet<>();
    samples.stream()
        .filter(sample -> sample.name().startsWith("headgate_"))
        .forEach(sample -> values.addAll(sample.labels().values()));
    return values;
  }
}
