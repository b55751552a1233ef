package dev.headgate.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A condition on the value of a header or a query parameter. */
public sealed interface ValueMatch {
  /**
   * There is a value that is this one.
   *
   * @param value compared as it stands, case included
   */
  record Exact(String value) implements ValueMatch {}

  /**
   * There is a value that matches as a whole.
   *
   * @param pattern to be used with {@code matches}, not {@code find}
   */
  record Regex(Pattern pattern) implements ValueMatch {
    /** Patterns compare by identity; two conditions are the same where their text is. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Regex regex
          && regex.pattern.pattern().equals(pattern.pattern())
          && regex.pattern.flags() == pattern.flags();
    }

    @Override
    public int hashCode() {
      return pattern.pattern().hashCode();
    }
  }

  /**
   * There is a value, or there is none.
   *
   * @param required true if it must be there, false if it must not
   */
  record Present(boolean required) implements ValueMatch {}
}
