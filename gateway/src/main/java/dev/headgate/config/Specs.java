package dev.headgate.config;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What the values of a configuration are made of. */
public final class Specs {
  // What YAML would read as a number or a boolean is text here, as written: "x-beta: 1" needs no
  // quotes.
  private static final List<String> TEXT = List.of("string", "number", "boolean");

  private static final int LONGEST_REGEX = 1000;

  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private Specs() {}

  /** Any text, empty too. Numbers and booleans are taken as written. */
  public static Spec<String> text() {
    return new ScalarSpec<>("text", Schemas.of("type", TEXT), false, (text, refusal) -> text);
  }

  /** Text that matches a pattern as a whole. */
  public static Spec<String> text(Pattern pattern, ProblemCode code, String expected) {
    // Patterns of strings do not apply to numbers and booleans, whose text the decoder checks all
    // the same.
    return new ScalarSpec<>(
        expected,
        Schemas.of("type", TEXT, "pattern", "^(?:" + pattern.pattern() + ")$"),
        false,
        (text, refusal) -> {
          if (pattern.matcher(text).matches()) {
            return text;
          }
          refusal.because(code, "(expected: " + expected + ")");
          return null;
        });
  }

  /** A whole number. */
  public static Spec<Integer> integer(int min, int max) {
    String expected = "a whole number, " + min + ".." + max;
    return new ScalarSpec<>(
        expected,
        Schemas.of("type", "integer", "minimum", min, "maximum", max),
        true,
        (text, refusal) -> {
          boolean negative = text.startsWith("-");
          // Leading zeros are octal to some readers of YAML and decimal to others.
          if (!text.matches("-?(0|[1-9][0-9]*)")) {
            refusal.because(
                ProblemCode.WRONG_TYPE, "is no whole number (expected: " + expected + ")");
            return null;
          }
          long value =
              text.length() > 12
                  ? (negative ? Long.MIN_VALUE : Long.MAX_VALUE)
                  : Long.parseLong(text);
          if (value < min || value > max) {
            refusal.because(
                ProblemCode.OUT_OF_RANGE, "is out of range (expected: " + min + ".." + max + ")");
            return null;
          }
          return (int) value;
        });
  }

  /** {@code true} or {@code false}; none of YAML's other words for them. */
  public static Spec<Boolean> bool() {
    return new ScalarSpec<>(
        "true or false",
        Schemas.of("type", "boolean"),
        true,
        (text, refusal) ->
            switch (text) {
              case "true" -> Boolean.TRUE;
              case "false" -> Boolean.FALSE;
              default -> {
                refusal.because(ProblemCode.WRONG_TYPE, "is no boolean (expected: true or false)");
                yield null;
              }
            });
  }

  /**
   * A whole number of milliseconds, seconds, minutes, hours or days: {@code 500ms 3s 5m 24h 30d}.
   */
  public static Spec<Duration> duration(Duration min, Duration max) {
    return new ScalarSpec<>(
        Quantities.A_DURATION + ", " + Quantities.format(min) + ".." + Quantities.format(max),
        Schemas.of("type", "string", "pattern", Quantities.DURATION_PATTERN),
        false,
        (text, refusal) -> Quantities.duration(text, min, max, refusal));
  }

  /** A whole number of bytes: {@code 512B 64KiB 1MiB 1GiB}, or decimal {@code KB MB GB}. */
  public static Spec<Long> size(long min, long max) {
    return new ScalarSpec<>(
        Quantities.A_SIZE + ", " + Quantities.formatSize(min) + ".." + Quantities.formatSize(max),
        Schemas.of("type", "string", "pattern", Quantities.SIZE_PATTERN),
        false,
        (text, refusal) -> Quantities.size(text, min, max, refusal));
  }

  /** A day: {@code 2026-01-31}. */
  public static Spec<LocalDate> date() {
    String expected = "a day such as 2026-01-31";
    return new ScalarSpec<>(
        expected,
        Schemas.of("type", "string", "format", "date"),
        false,
        (text, refusal) -> {
          try {
            // LocalDate reads +12026-01-31 too.
            if (DAY.matcher(text).matches()) {
              return LocalDate.parse(text);
            }
            refusal.because(ProblemCode.BAD_DATE, "is no day (expected: " + expected + ")");
          } catch (DateTimeParseException e) {
            refusal.because(
                ProblemCode.BAD_DATE, "is not in the calendar (expected: " + expected + ")");
          }
          return null;
        });
  }

  /** A percentage with up to two decimals: {@code 50%} is 50.0. */
  public static Spec<Double> percent(double min, double max) {
    return new ScalarSpec<>(
        Quantities.A_PERCENTAGE
            + ", "
            + Quantities.formatPercent(min)
            + ".."
            + Quantities.formatPercent(max),
        Schemas.of("type", "string", "pattern", Quantities.PERCENT_PATTERN),
        false,
        (text, refusal) -> Quantities.percent(text, min, max, refusal));
  }

  /**
   * A regular expression of {@link Pattern}, of at most 1000 characters; what uses it compares
   * whole values.
   */
  public static Spec<Pattern> regex() {
    return new ScalarSpec<>(
        "a regular expression",
        Schemas.of("type", TEXT),
        false,
        (text, refusal) -> {
          // Groups within groups are compiled by recursion: thousands of them would exhaust the
          // stack.
          if (text.length() > LONGEST_REGEX) {
            refusal.because(
                ProblemCode.OUT_OF_RANGE,
                "is too long (expected: at most " + LONGEST_REGEX + " characters)");
            return null;
          }
          try {
            return Pattern.compile(text);
          } catch (PatternSyntaxException e) {
            String why = e.getDescription().toLowerCase(Locale.ROOT);
            refusal.because(
                ProblemCode.BAD_REGEX,
                "does not compile: "
                    + why
                    + " at "
                    + (e.getIndex() + 1)
                    + " (expected: a Java regular expression)");
            return null;
          }
        });
  }

  /**
   * One of an enum's constants, in kebab-case: {@code LEAST_REQUESTS} is {@code least-requests}.
   */
  public static <E extends Enum<E>> Spec<E> enumOf(Class<E> type) {
    Map<String, E> values = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      values.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return keyword(values);
  }

  /** One of some words. */
  public static <T> Spec<T> keyword(Map<String, T> values) {
    String expected = Texts.choice(values.keySet());
    return new ScalarSpec<>(
        expected,
        Schemas.of("type", "string", "enum", List.copyOf(new LinkedHashMap<>(values).keySet())),
        false,
        (text, refusal) -> {
          T value = values.get(text);
          if (value == null) {
            refusal.because(
                ProblemCode.BAD_VALUE, "is none of the words (expected: " + expected + ")");
          }
          return value;
        });
  }

  /** One of some whole numbers. */
  public static Spec<Integer> oneOfIntegers(Integer... values) {
    List<Integer> allowed = List.of(values);
    String expected = Texts.choice(allowed.stream().map(String::valueOf).toList());
    return new ScalarSpec<>(
        expected,
        Schemas.of("type", "integer", "enum", allowed),
        true,
        (text, refusal) -> {
          if (Quantities.isWhole(text)
              && text.length() < 10
              && allowed.contains(Integer.valueOf(text))) {
            return Integer.valueOf(text);
          }
          refusal.because(ProblemCode.BAD_VALUE, "(expected: " + expected + ")");
          return null;
        });
  }

  /** A header's name: a token (RFC 9110, section 5.1). As written. */
  public static Spec<String> headerName() {
    return text(
        Http.TOKEN, ProblemCode.BAD_HEADER, "a header name: letters, digits and !#$%&'*+-.^_`|~");
  }

  /**
   * A header's value: visible characters, spaces and tabs inside (RFC 9110, section 5.5); empty is
   * allowed.
   */
  public static Spec<String> headerValue() {
    return text(
        Http.VALUE,
        ProblemCode.BAD_HEADER,
        "a header value: one line of visible ASCII, spaces inside");
  }

  /**
   * The id of an upstream of the same set; one that no file declares is a problem, once all are
   * read.
   */
  public static Spec<String> upstream() {
    return new UpstreamSpec();
  }

  /** The word {@code none}, which is an empty Optional, or something else. */
  public static <T> Spec<Optional<T>> orNone(Spec<T> spec) {
    return new WordSpec<>("none", Optional.empty(), spec.map(Optional::of));
  }

  /** A word that stands for a value, or something else. */
  public static <T> Spec<T> wordOr(String word, T value, Spec<T> otherwise) {
    return new WordSpec<>(word, value, otherwise);
  }

  /** A list in which nothing stands twice. */
  public static <T> Spec<List<T>> listOf(Spec<T> item, int min, int max) {
    return new ListSpec<>(item, min, max);
  }

  /** An object whose keys are free, in the order written. */
  public static <V> Spec<Map<String, V>> mapOf(Spec<String> key, Spec<V> value) {
    return new MapSpec<>(key, value);
  }

  /** A short form for the common case, which is no object, or an object. */
  public static <T> Spec<T> either(Spec<? extends T> shorthand, Spec<? extends T> object) {
    return new EitherSpec<>(shorthand, object);
  }

  /**
   * An object with known keys.
   *
   * @param build makes the object of its keys' values, when each is right by itself; it may collect
   *     problems, and then return null
   */
  public static <T> ObjectSpec<T> object(
      Collection<? extends Field<?>> fields, Function<Values, @Nullable T> build) {
    return new ObjectSpec<>(fields, List.of(), false, build);
  }

  /** An object with known keys. */
  public static <T> ObjectSpec<T> object(Function<Values, @Nullable T> build, Field<?>... fields) {
    return object(Arrays.asList(fields), build);
  }
}
