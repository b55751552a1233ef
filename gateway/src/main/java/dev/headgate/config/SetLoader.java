package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import dev.headgate.config.ConfigNode.Scalar;
import dev.headgate.config.YamlReader.Documents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One reading of one set. */
final class SetLoader {
  private static final List<String> TOP = List.of("defaults", "upstreams", "routes");

  private final List<ConfigProblem> problems = new ArrayList<>();
  private int hints = 100;
  private final KindLoader<UpstreamConfig> upstreams;
  private final KindLoader<RouteConfig> routes;

  SetLoader(Kind<UpstreamConfig> upstreams, Kind<RouteConfig> routes) {
    this.upstreams = new KindLoader<>(upstreams, problems);
    this.routes = new KindLoader<>(routes, problems);
  }

  LoadResult load(List<ConfigFile> files, List<ConfigProblem> found) {
    problems.addAll(found);
    List<Documents> read =
        files.stream().sorted(Comparator.comparing(ConfigFile::name)).toList().parallelStream()
            .map(YamlReader::read)
            .toList();
    for (Documents documents : read) {
      problems.addAll(documents.problems());
      documents.roots().forEach(this::document);
    }
    Map<String, UpstreamConfig> upstreamsById = upstreams.decode();
    Map<String, RouteConfig> routesById = routes.decode();
    // What an unread file declares is unknown: to call it missing would only hide the real problem.
    if (found.stream().noneMatch(ConfigProblem::isError)
        && read.stream().allMatch(Documents::usable)) {
      checkReferences();
      checkRoutes();
    }
    List<ConfigProblem> sorted = problems.stream().distinct().sorted().toList();
    Marks marks = new Marks(Map.of("upstreams", upstreams.entries(), "routes", routes.entries()));
    return new LoadResult(new ConfigSet(upstreamsById, routesById, marks), sorted);
  }

  private void document(ConfigNode root) {
    if (root instanceof Scalar scalar && scalar.isNothing()) {
      return;
    }
    if (!(root instanceof Mapping mapping)) {
      problem(
          root.mark(),
          ProblemCode.WRONG_TYPE,
          root.describe() + " (expected: an object with " + Texts.choice(TOP) + ")");
      return;
    }
    for (Entry entry : mapping.entries.values()) {
      switch (entry.key().text) {
        case "upstreams" -> upstreams.add(entry);
        case "routes" -> routes.add(entry);
        case "defaults" -> defaults(entry);
        default -> unknown(entry, "", TOP);
      }
    }
  }

  private void defaults(Entry defaults) {
    if (defaults.value() instanceof Scalar scalar && scalar.isNothing()) {
      return;
    }
    if (!(defaults.value() instanceof Mapping mapping)) {
      problem(
          defaults.value().mark(),
          ProblemCode.WRONG_TYPE,
          "defaults: "
              + defaults.value().describe()
              + " (expected: an object with route or upstream)");
      return;
    }
    for (Entry entry : mapping.entries.values()) {
      switch (entry.key().text) {
        case "upstream" -> upstreams.share(entry);
        case "route" -> routes.share(entry);
        default -> unknown(entry, "defaults: ", List.of("route", "upstream"));
      }
    }
  }

  private void unknown(Entry entry, String path, List<String> known) {
    problem(
        entry.key().mark(),
        ProblemCode.UNKNOWN_KEY,
        path + Texts.unknownKey(entry.key().text, known));
  }

  private void checkReferences() {
    Set<String> used = new HashSet<>();
    List<Decoding.Reference> references = new ArrayList<>(routes.references());
    references.addAll(upstreams.references());
    for (Decoding.Reference reference : references) {
      String id = reference.to().text;
      used.add(id);
      if (!upstreams.entries().containsKey(id)) {
        problem(
            reference.to().mark(), ProblemCode.DANGLING_UPSTREAM, dangling(reference.path(), id));
      }
    }
    for (Entry entry : upstreams.entries().values()) {
      if (!used.contains(entry.key().text)) {
        problem(
            entry.key().mark(),
            ProblemCode.UNUSED_UPSTREAM,
            "upstreams: "
                + Texts.quote(entry.key().text)
                + " is used by no route (expected: one or more)");
      }
    }
  }

  private String dangling(String path, String id) {
    Set<String> known = upstreams.entries().keySet();
    // To compare each of 10,000 wrong names with each of 10,000 right ones would take minutes.
    String near = hints-- > 0 ? Texts.nearest(id, known) : null;
    String hint = near != null ? "did you mean " + near + "?" : "expected: an id under upstreams";
    return path + ": " + Texts.quote(id) + " is no declared upstream (" + hint + ")";
  }

  private void checkRoutes() {
    if (routes.entries().isEmpty()) {
      problem(
          SourceMark.startOf("routes"),
          ProblemCode.NO_ROUTES,
          "no route is declared (expected: one or more under routes: in routes/*.yml)");
    }
  }

  private void problem(SourceMark mark, ProblemCode code, String message) {
    problems.add(ConfigProblem.of(mark, code, message));
  }
}
