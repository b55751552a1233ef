package dev.headgate.contract.observability;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What is wrong with Grafana's dashboards. */
final class Dashboards {
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *(\\w+)\\)");
  private static final String SOURCE = "${datasource}";

  private final Series series;
  private final Set<String> uids = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  Dashboards(Series series) {
    this.series = series;
  }

  List<String> problems() {
    return problems;
  }

  void check(JsonNode dashboard) {
    String title = dashboard.path("title").asString("");
    if (!uids.add(dashboard.path("uid").asString(""))) {
      problems.add(title + ": its uid is another's too");
    }
    Set<String> variables = new HashSet<>();
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      String name = variable.path("name").asString("");
      variables.add("$" + name);
      if (variable.path("type").asString("").equals("query")) {
        checkVariable(title + " / variable " + name, variable.path("query").path("query"));
      }
    }
    if (!variables.contains("$datasource")) {
      problems.add(title + ": no variable 'datasource'");
    }
    for (JsonNode annotation : dashboard.path("annotations").path("list")) {
      checkQuery(title + " / " + annotation.path("name").asString(""), annotation, variables);
    }
    if (dashboard.path("links").isEmpty()) {
      problems.add(title + ": no links to the others");
    }
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String where = title + " / " + panel.path("title").asString("");
      if (!ids.add(panel.path("id").asInt(0))) {
        problems.add(where + ": its id is another panel's too");
      }
      if (!panel.path("type").asString("").equals("row") && panel.path("targets").isEmpty()) {
        problems.add(where + ": asks nothing");
      }
      for (JsonNode target : panel.path("targets")) {
        checkQuery(where, target, variables);
      }
    }
  }

  private void checkVariable(String where, JsonNode query) {
    Matcher values = LABEL_VALUES.matcher(query.asString(""));
    if (!values.matches()) {
      problems.add(where + ": not label_values(metric, label)");
      return;
    }
    problems.addAll(series.unknownIn(where, values.group(1)));
    if (!series.labelsIn(values.group(1)).contains(values.group(2))) {
      problems.add(where + ": nothing has the label '" + values.group(2) + "'");
    }
  }

  private void checkQuery(String where, JsonNode asking, Set<String> variables) {
    if (!asking.path("datasource").path("uid").asString("").equals(SOURCE)) {
      problems.add(where + ": its datasource is not " + SOURCE);
    }
    String expression = asking.path("expr").asString("");
    problems.addAll(series.unknownIn(where, expression));
    for (Matcher used = Pattern.compile("\\$[a-z]\\w*").matcher(expression); used.find(); ) {
      if (!variables.contains(used.group())) {
        problems.add(where + ": no variable '" + used.group() + "'");
      }
    }
  }
}
