package dev.headgate.contract.observability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What is wrong with Prometheus's rules, with their tests and with their runbooks. */
final class Rules {
  private static final Pattern USED_LABEL = Pattern.compile("\\$labels\\.(\\w+)");
  private static final Pattern CODE = Pattern.compile("(?m)^ {4}(\\S.*)$");

  private final Series series;
  private final List<JsonNode> alerts = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  Rules(Series series) {
    this.series = series;
  }

  List<String> problems() {
    return problems;
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    alerts.forEach(alert -> names.add(alert.path("alert").asString("")));
    return names;
  }

  /** Files of rules; all of them, before anything that uses what they record. */
  void read(List<JsonNode> files) {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode file : files) {
      file.path("groups").forEach(group -> group.path("rules").forEach(all::add));
    }
    for (JsonNode rule : all) {
      if (rule.has("record")) {
        series.recorded(rule.path("record").asString(""), rule.path("expr").asString(""));
      } else {
        alerts.add(rule);
      }
    }
    for (JsonNode rule : all) {
      String name = rule.path("record").asString(rule.path("alert").asString(""));
      problems.addAll(series.unknownIn(name, rule.path("expr").asString("")));
    }
    alerts.forEach(this::checkTexts);
  }

  private void checkTexts(JsonNode alert) {
    String name = alert.path("alert").asString("");
    String severity = alert.path("labels").path("severity").asString("");
    if (!severity.equals("page") && !severity.equals("ticket")) {
      problems.add(name + ": severity '" + severity + "' (expected: page, ticket)");
    }
    JsonNode texts = alert.path("annotations");
    Set<String> known = series.labelsIn(alert.path("expr").asString(""));
    for (String text : List.of("summary", "description", "runbook_url")) {
      String value = texts.path(text).asString("");
      if (value.isEmpty()) {
        problems.add(name + ": no " + text);
      }
      for (Matcher used = USED_LABEL.matcher(value); used.find(); ) {
        if (!known.contains(used.group(1))) {
          problems.add(name + ": its " + text + " uses the label '" + used.group(1) + "'");
        }
      }
    }
    if (!texts.path("runbook_url").asString("").endsWith("/" + name + ".md")) {
      problems.add(name + ": its runbook_url does not end with its name");
    }
  }

  /** Each alert, by name and fixed labels, must fire in a test, and not fire in another. */
  void checkTests(List<JsonNode> files) {
    Set<String> quiet = new HashSet<>();
    List<Map.Entry<String, JsonNode>> fired = new ArrayList<>();
    for (JsonNode file : files) {
      for (JsonNode test : file.path("tests")) {
        for (JsonNode tried : test.path("alert_rule_test")) {
          String name = tried.path("alertname").asString("");
          JsonNode expected = tried.path("exp_alerts");
          if (expected.isEmpty()) {
            quiet.add(name);
          }
          expected.forEach(one -> fired.add(Map.entry(name, one.path("exp_labels"))));
        }
      }
    }
    for (JsonNode alert : alerts) {
      String name = alert.path("alert").asString("");
      JsonNode labels = alert.path("labels");
      if (fired.stream().noneMatch(f -> f.getKey().equals(name) && has(f.getValue(), labels))) {
        problems.add(name + " " + labels + ": fires in no test");
      }
      if (!quiet.contains(name)) {
        problems.add(name + ": does not fire in no test");
      }
    }
  }

  private static boolean has(JsonNode all, JsonNode some) {
    return some.properties().stream().allMatch(e -> e.getValue().equals(all.get(e.getKey())));
  }

  /** A page for each alert and none beside; its indented lines are PromQL. */
  void checkRunbooks(Map<String, String> pages) {
    for (String name : names()) {
      if (!pages.containsKey(name)) {
        problems.add(name + ": no runbook");
      }
    }
    pages.forEach(
        (name, text) -> {
          if (!names().contains(name)) {
            problems.add("runbook " + name + ": no such alert");
          }
          Matcher code = CODE.matcher(text);
          if (!code.find()) {
            problems.add("runbook " + name + ": nothing to ask Prometheus");
          }
          for (code.reset(); code.find(); ) {
            problems.addAll(series.unknownIn("runbook " + name, code.group(1)));
          }
        });
  }
}
