package dev.headgate.contract.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** {@code observability/}, as far as it can be judged without promtool, Grafana or a network. */
class ObservabilityTest {
  private static final Path HOME = Path.of(System.getProperty("basedir", ".")).resolve("..");
  private static final Path FOLDER = HOME.resolve("observability");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Series series = new Series(read(HOME.resolve("docs/metrics.md")));
  private final Rules rules = new Rules(series);

  ObservabilityTest() {
    rules.read(yamls("prometheus/rules"));
  }

  @Test
  void everyMetricAndLabelOfTheRulesIsInTheListOfMetrics() {
    assertThat(series.size()).isGreaterThan(40);
    assertThat(rules.names()).hasSizeGreaterThan(15);
    assertThat(rules.problems()).isEmpty();
  }

  @Test
  void everyAlertFiresInATestAndDoesNotInAnother() {
    rules.checkTests(yamls("prometheus/tests"));
    assertThat(rules.problems()).isEmpty();
  }

  @Test
  void everyAlertHasARunbookThatAsksForWhatThereIs() {
    Map<String, String> pages = new TreeMap<>();
    for (Path page : files("runbooks", ".md")) {
      pages.put(page.getFileName().toString().replace(".md", ""), read(page));
    }
    rules.checkRunbooks(pages);
    assertThat(rules.problems()).isEmpty();
  }

  @Test
  void everyMetricAndLabelOfTheDashboardsIsInTheListOfMetrics() {
    Dashboards dashboards = new Dashboards(series);
    List<Path> files = files("grafana/dashboards", ".json");
    files.forEach(file -> dashboards.check(JSON.readTree(read(file))));
    assertThat(files).hasSizeGreaterThanOrEqualTo(4);
    assertThat(dashboards.problems()).isEmpty();
  }

  @Test
  void aDashboardThatIsWrongIsToldSo() throws IOException {
    Dashboards dashboards = new Dashboards(series);
    try (InputStream bad = ObservabilityTest.class.getResourceAsStream("/observability/bad.json")) {
      dashboards.check(JSON.readTree(bad));
    }
    assertThat(dashboards.problems())
        .containsExactly(
            "Bad / variable route: nothing has the label 'rout'",
            "Bad: no links to the others",
            "Bad / Unknown metric: no metric 'headgate_request_total'",
            "Bad / Unknown label: 'headgate_requests_total' has no label 'path'",
            "Bad / Unknown label in a group: nothing has the label 'user'",
            "Bad / A count is no bucket: 'headgate_request_duration_seconds_count' has no label 'le'",
            "Bad / The id of another: its id is another panel's too",
            "Bad / No such variable: no variable '$tenant'",
            "Bad / No such datasource: its datasource is not ${datasource}",
            "Bad / Nothing: asks nothing");
  }

  @Test
  void alertsThatLackSomethingAreToldSo() {
    Rules bad = new Rules(series);
    bad.read(
        List.of(
            yaml(
                """
                groups:
                  - name: bad
                    rules:
                      - alert: Bad
                        expr: sum by (job) (headgate_connections) > 0
                        labels: {severity: urgent}
                        annotations: {summary: "{{ $labels.path }}", runbook_url: https://example.com/Worse.md}
                """)));
    bad.checkTests(List.of());
    bad.checkRunbooks(Map.of("Worse", "    rate(headgate_nothing_total[5m])\n"));
    assertThat(bad.problems())
        .containsExactly(
            "Bad: severity 'urgent' (expected: page, ticket)",
            "Bad: its summary uses the label 'path'",
            "Bad: no description",
            "Bad: its runbook_url does not end with its name",
            "Bad {\"severity\":\"urgent\"}: fires in no test",
            "Bad: does not fire in no test",
            "Bad: no runbook",
            "runbook Worse: no such alert",
            "runbook Worse: no metric 'headgate_nothing_total'");
  }

  @Test
  void whatIsGeneratedIsThatOfItsSources() throws Exception {
    List<String> stale = new ArrayList<>();
    for (String line : read(FOLDER.resolve("generated.sha256")).lines().toList()) {
      String[] sumAndName = line.split("  ", 2);
      byte[] content = Files.readAllBytes(FOLDER.resolve(sumAndName[1]));
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
      if (!HexFormat.of().formatHex(sum).equals(sumAndName[0])) {
        stale.add(sumAndName[1]);
      }
    }
    assertThat(stale).as("run observability/grafana/dashboards.py").isEmpty();
  }

  @Test
  void everyDatasourceThatIsLinkedToIsThere() {
    for (Path file : List.of(Path.of("provisioning"), Path.of("provisioning-jaeger"))) {
      for (Path each : files("grafana/" + file + "/datasources", ".yml")) {
        Set<String> uids = new HashSet<>();
        yaml(read(each)).path("datasources").forEach(d -> uids.add(d.path("uid").asString("")));
        List<String> linked =
            Pattern.compile("(?:datasourceUid|alertmanagerUid): (\\w+)")
                .matcher(read(each))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
        assertThat(linked).as("%s", each).hasSizeGreaterThanOrEqualTo(4).isSubsetOf(uids);
      }
    }
  }

  @Test
  void alertmanagerKnowsNoAlertThatThereIsNot() {
    List<String> named =
        Pattern.compile("Headgate\\w+")
            .matcher(read(FOLDER.resolve("alertmanager/alertmanager.yml")))
            .results()
            .map((MatchResult name) -> name.group())
            .toList();
    assertThat(named).isNotEmpty().isSubsetOf(rules.names());
  }

  private static List<JsonNode> yamls(String folder) {
    return files(folder, ".yml").stream().map(file -> yaml(read(file))).toList();
  }

  private static JsonNode yaml(String text) {
    Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    return JSON.valueToTree(read);
  }

  private static List<Path> files(String folder, String ending) {
    try (Stream<Path> all = Files.list(FOLDER.resolve(folder))) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
