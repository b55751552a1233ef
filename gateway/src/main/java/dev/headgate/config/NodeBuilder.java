package dev.headgate.config;

import dev.headgate.config.ConfigNode.Entry;
import dev.headgate.config.ConfigNode.Mapping;
import dev.headgate.config.ConfigNode.Scalar;
import dev.headgate.config.ConfigNode.Sequence;
import dev.headgate.config.YamlReader.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Builds nodes from the parser's events. SnakeYAML's own composer is not used: it resolves types,
 * which we do not want ({@code no} is a word, {@code 010} is not eight), and it finds problems one
 * at a time.
 *
 * <p>An alias is the very node of its anchor, so that a bomb takes no memory; its nodes count
 * again, so that it takes no time either.
 */
final class NodeBuilder {
  private final String file;
  private final Parser parser;
  private final List<ConfigProblem> problems;
  private final Map<String, ConfigNode> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Map<String, String> texts = new HashMap<>();
  private int depth;
  private long count;

  NodeBuilder(String file, Parser parser, List<ConfigProblem> problems) {
    this.file = file;
    this.parser = parser;
    this.problems = problems;
  }

  /** The next document's root; the parser stands before its start. */
  ConfigNode document() {
    anchors.clear();
    parser.getEvent();
    ConfigNode root = node();
    parser.getEvent();
    return root;
  }

  private ConfigNode node() {
    Event event = parser.getEvent();
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    count(event, 1, ProblemCode.FILE_TOO_LARGE);
    String anchor = event instanceof NodeEvent start ? start.getAnchor() : null;
    if (anchor == null) {
      return node(event);
    }
    open.add(anchor);
    ConfigNode node = node(event);
    open.remove(anchor);
    anchors.put(anchor, node);
    return node;
  }

  private ConfigNode node(Event event) {
    if (event instanceof ScalarEvent scalar) {
      checkTag(event, scalar.getTag());
      return new Scalar(
          file, line(event), column(event), shared(scalar.getValue()), !scalar.isPlain());
    }
    if (event instanceof CollectionStartEvent start) {
      checkTag(event, start.getTag());
      enter(event);
      ConfigNode node = event instanceof MappingStartEvent ? mapping(event) : sequence(event);
      depth--;
      return node;
    }
    throw new Refused(mark(event), ProblemCode.BAD_YAML, "a value is missing");
  }

  private ConfigNode alias(AliasEvent alias) {
    ConfigNode target = anchors.get(alias.getAnchor());
    if (target == null) {
      throw unresolved(alias);
    }
    count(alias, target.size(), ProblemCode.ALIAS_LIMIT);
    return target;
  }

  private Refused unresolved(AliasEvent alias) {
    String name = alias.getAnchor();
    return open.contains(name)
        ? new Refused(
            mark(alias),
            ProblemCode.ALIAS_LIMIT,
            "*"
                + name
                + " stands inside &"
                + name
                + " itself (expected: an anchor that ends before it)")
        : new Refused(
            mark(alias),
            ProblemCode.BAD_YAML,
            "*" + name + " has no anchor (expected: &" + name + " above it in the same document)");
  }

  private void enter(Event event) {
    depth++;
    if (depth > Limits.DEPTH) {
      throw new Refused(
          mark(event),
          ProblemCode.TOO_DEEP,
          "nested too deep (expected: at most " + Limits.DEPTH + " levels)");
    }
  }

  private void count(Event event, int nodes, ProblemCode code) {
    count += nodes;
    if (count > Limits.NODES) {
      throw new Refused(
          mark(event),
          code,
          "too many values"
              + (code == ProblemCode.ALIAS_LIMIT ? " through aliases" : "")
              + " (expected: at most "
              + Limits.NODES
              + " keys and values in one file)");
    }
  }

  private Sequence sequence(Event start) {
    List<ConfigNode> items = new ArrayList<>();
    int size = 1;
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      ConfigNode item = node();
      size += item.size();
      items.add(item);
    }
    parser.getEvent();
    return new Sequence(file, line(start), column(start), items, size);
  }

  private Mapping mapping(Event start) {
    MappingBuilder builder = new MappingBuilder(problems);
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      ConfigNode key = node();
      ConfigNode value = node();
      if (key instanceof Scalar text && (text.quoted || !text.text.isEmpty())) {
        builder.add(new Entry(text, value));
      } else {
        problems.add(
            ConfigProblem.of(
                key.mark(), ProblemCode.BAD_YAML, key.describe() + " as a key (expected: text)"));
      }
    }
    parser.getEvent();
    return builder.build(file, line(start), column(start));
  }

  private void checkTag(Event event, @Nullable String tag) {
    if (tag != null && !tag.equals("tag:yaml.org,2002:str")) {
      problems.add(
          ConfigProblem.of(
              mark(event),
              ProblemCode.BAD_YAML,
              "the tag " + Texts.quote(tag) + " is not supported (expected: none)"));
    }
  }

  // Keys and many values are the same few words in every route.
  private String shared(String text) {
    if (text.length() > 32) {
      return text;
    }
    String first = texts.putIfAbsent(text, text);
    return first == null ? text : first;
  }

  private static int line(Event event) {
    Mark mark = event.getStartMark();
    return mark == null ? 1 : mark.getLine() + 1;
  }

  private static int column(Event event) {
    Mark mark = event.getStartMark();
    return mark == null ? 1 : mark.getColumn() + 1;
  }

  private SourceMark mark(Event event) {
    return new SourceMark(file, line(event), column(event));
  }
}
