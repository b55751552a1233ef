package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import dev.headgate.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All upstreams or all routes of one set, while it is being read. */
final class KindLoader<T> {
  private record Decoded<T>(Entry entry, @Nullable T value, Decoding found) {}

  private final Kind<T> kind;
  private final List<ConfigProblem> problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Decoding.Reference> references = new ArrayList<>();
  private final Set<SourceMark> sharedMarks = new HashSet<>();
  private final Set<ConfigProblem> sharedProblems = new HashSet<>();
  private @Nullable Entry shared;

  KindLoader(Kind<T> kind, List<ConfigProblem> problems) {
    this.kind = kind;
    this.problems = problems;
  }

  /** Takes what stands under the kind's key in one document. */
  void add(Entry all) {
    if (isEmpty(all.value())) {
      return;
    }
    if (!(all.value() instanceof Mapping mapping)) {
      problem(
          all.value().mark(),
          ProblemCode.WRONG_TYPE,
          kind.key() + ": " + all.value().describe() + " (expected: an object with ids as keys)");
      return;
    }
    mapping.entries.values().forEach(this::addOne);
  }

  private void addOne(Entry entry) {
    String id = entry.key().text;
    if (!Ids.PATTERN.matcher(id).matches()) {
      problem(
          entry.key().mark(),
          ProblemCode.BAD_ID,
          kind.key() + ": " + Texts.quote(id) + " (expected: " + Ids.EXPECTED + ")");
    }
    Entry first = entries.putIfAbsent(id, entry);
    if (first != null) {
      problem(
          entry.key().mark(),
          ProblemCode.DUPLICATE_ID,
          kind.key()
              + ": "
              + Texts.quote(id)
              + " is declared at "
              + first.key().mark()
              + " too (expected: once)");
    }
  }

  /** Takes a shared block of defaults, of which there may be one. */
  void share(Entry defaults) {
    if (isEmpty(defaults.value())) {
      return;
    }
    if (shared != null) {
      problem(
          defaults.key().mark(),
          ProblemCode.DUPLICATE_DEFAULTS,
          "defaults." + kind.one() + " stands at " + shared.key().mark() + " too (expected: once)");
      return;
    }
    shared = defaults;
    Decoding into = new Decoding(true);
    kind.shared().decode(Cursor.root(defaults), into);
    problems.addAll(into.problems);
    sharedProblems.addAll(into.problems);
    collectMarks(defaults.value());
  }

  /** Everything decoded that could be; called once, when all documents were added. */
  Map<String, T> decode() {
    // One route knows nothing of another, and 10,000 of them are worth every core.
    List<Decoded<T>> all = entries.values().parallelStream().map(this::decode).toList();
    Map<String, T> values = new LinkedHashMap<>();
    for (Decoded<T> one : all) {
      entries.put(one.entry().key().text, one.entry());
      one.found().problems.forEach(found -> problems.add(placed(found, one.entry())));
      references.addAll(one.found().references);
      T value = one.value();
      if (value != null) {
        values.put(one.entry().key().text, value);
      }
    }
    return values;
  }

  private Decoded<T> decode(Entry written) {
    Entry entry = written;
    if (shared != null && shared.value() instanceof Mapping) {
      entry = new Entry(written.key(), kind.spec().merge(shared.value(), written.value()));
    }
    Decoding into = new Decoding(false);
    T value = kind.spec().decode(Cursor.root(entry), into);
    return new Decoded<>(entry, value, into);
  }

  // What is wrong with a shared value only beside a route's own is that route's problem.
  private ConfigProblem placed(ConfigProblem found, Entry of) {
    if (!sharedMarks.contains(found.mark()) || sharedProblems.contains(found)) {
      return found;
    }
    return ConfigProblem.of(
        of.key().mark(),
        found.code(),
        found.message() + "; see defaults." + kind.one() + " at " + found.mark());
  }

  private void collectMarks(ConfigNode node) {
    if (!sharedMarks.add(node.mark())) {
      return;
    }
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries.values()) {
        sharedMarks.add(entry.key().mark());
        collectMarks(entry.value());
      }
    } else if (node instanceof Sequence sequence) {
      sequence.items.forEach(this::collectMarks);
    }
  }

  /** By id, with the shared defaults in them once {@link #decode} has run. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Every place where an upstream is named. */
  List<Decoding.Reference> references() {
    return references;
  }

  // "routes:" with everything below it commented out is no mistake.
  private static boolean isEmpty(ConfigNode node) {
    return node instanceof ConfigNode.Scalar scalar && scalar.isNothing();
  }

  private void problem(SourceMark mark, ProblemCode code, String message) {
    problems.add(ConfigProblem.of(mark, code, message));
  }
}
