package dev.headgate.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Route rules for tests, in a few words. */
final class Rules {
  private final String id;
  private final PathPattern path;
  private int priority;
  private final List<HostPattern> hosts = new ArrayList<>();
  private final Set<String> methods = new LinkedHashSet<>();
  private final List<ValueCondition> headers = new ArrayList<>();
  private final List<ValueCondition> query = new ArrayList<>();

  private Rules(String id, String path) {
    this.id = id;
    this.path = PathPattern.parse(path);
  }

  static Rules route(String id, String path) {
    return new Rules(id, path);
  }

  Rules priority(int value) {
    priority = value;
    return this;
  }

  Rules hosts(String... names) {
    for (String name : names) {
      hosts.add(HostPattern.parse(name));
    }
    return this;
  }

  Rules methods(String... names) {
    methods.addAll(List.of(names));
    return this;
  }

  Rules header(String name, String value) {
    headers.add(ValueCondition.exact(name, value));
    return this;
  }

  Rules headerRegex(String name, String regex) {
    headers.add(ValueCondition.regex(name, Pattern.compile(regex)));
    return this;
  }

  Rules headerPresent(String name, boolean present) {
    headers.add(ValueCondition.present(name, present));
    return this;
  }

  Rules query(String name, String value) {
    query.add(ValueCondition.exact(name, value));
    return this;
  }

  Rules queryRegex(String name, String regex) {
    query.add(ValueCondition.regex(name, Pattern.compile(regex)));
    return this;
  }

  Rules queryPresent(String name, boolean present) {
    query.add(ValueCondition.present(name, present));
    return this;
  }

  RouteRule rule() {
    return new RouteRule(id, priority, hosts, path, methods, headers, query);
  }

  static RouteIndex<String> index(Rules... routes) {
    List<RouteIndex.Entry<String>> entries = new ArrayList<>();
    for (Rules route : routes) {
      entries.add(new RouteIndex.Entry<>(route.rule(), route.id));
    }
    return RouteIndex.of(entries);
  }
}
