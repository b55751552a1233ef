package dev.headgate.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one file's text into nodes: several documents, or none, where the text is no YAML that we
 * accept.
 */
final class YamlReader {
  /** Where text is no YAML, or goes beyond a limit: nothing of the file can be used. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient ConfigProblem problem;

    Refused(SourceMark mark, ProblemCode code, String message) {
      super(message, null, false, false);
      this.problem = ConfigProblem.of(mark, code, message);
    }
  }

  /** What a file held. */
  record Documents(List<ConfigNode> roots, List<ConfigProblem> problems, boolean usable) {}

  private final ConfigFile file;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private YamlReader(ConfigFile file) {
    this.file = file;
  }

  static Documents read(ConfigFile file) {
    return new YamlReader(file).read();
  }

  private Documents read() {
    List<ConfigNode> roots = new ArrayList<>();
    try {
      if (file.content().length > Limits.FILE_BYTES) {
        throw new Refused(
            SourceMark.startOf(file.name()),
            ProblemCode.FILE_TOO_LARGE,
            Limits.tooLarge(file.content().length));
      }
      String text = text();
      parse(text, roots);
      return new Documents(roots, problems, true);
    } catch (Refused refused) {
      problems.add(refused.problem);
      return new Documents(List.of(), problems, false);
    }
  }

  private void parse(String text, List<ConfigNode> roots) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE); // Ours is checked before, in bytes.
    StreamReader reader = new StreamReader(text);
    ParserImpl parser = new ParserImpl(reader, options);
    NodeBuilder builder = new NodeBuilder(file.name(), parser, problems);
    try {
      parser.getEvent();
      while (!parser.checkEvent(Event.ID.StreamEnd)) {
        roots.add(builder.document());
      }
    } catch (MarkedYAMLException e) {
      throw badYaml(place(e.getProblemMark()), context(e), e.getProblem());
    } catch (ReaderException e) {
      String found = String.format("U+%04X", e.getCodePoint());
      throw badYaml(
          place(text, e.getPosition()), null, "the character " + found + " may not stand in YAML");
    } catch (NumberFormatException e) {
      // What SnakeYAML 2.6 makes of a numeric escape at the end of the text, or beyond any int.
      throw badYaml(place(reader.getMark()), null, "an escape that stands for no character");
    } catch (YAMLException e) {
      throw badYaml(SourceMark.startOf(file.name()), null, String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable String context(MarkedYAMLException e) {
    Mark begin = e.getContextMark();
    String context = e.getContext();
    return begin == null || context == null
        ? context
        : context + " that begins in line " + (begin.getLine() + 1);
  }

  private static Refused badYaml(SourceMark at, @Nullable String context, @Nullable String what) {
    String message = context == null ? String.valueOf(what) : what + " (" + context + ")";
    return new Refused(at, ProblemCode.BAD_YAML, message.replaceAll("\\s+", " "));
  }

  private String text() {
    byte[] bytes = file.content();
    // RFC 3629, section 6: a byte order mark at the start is no text.
    int start =
        bytes.length > 2
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF
            ? 3
            : 0;
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharBuffer out = CharBuffer.allocate(bytes.length - start);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int at = text.codePointCount(0, text.length());
      throw badYaml(
          place(text, at),
          null,
          String.format("the byte 0x%02X is no UTF-8 here", bytes[in.position()]));
    }
    return text;
  }

  private SourceMark place(@Nullable Mark mark) {
    return mark == null
        ? SourceMark.startOf(file.name())
        : new SourceMark(file.name(), mark.getLine() + 1, mark.getColumn() + 1);
  }

  private SourceMark place(String text, int codePoints) {
    int line = 1;
    int column = 1;
    int i = 0;
    for (int n = 0; n < codePoints && i < text.length(); n++) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      column = c == '\n' ? 1 : column + 1;
      line += c == '\n' ? 1 : 0;
    }
    return new SourceMark(file.name(), line, column);
  }
}
