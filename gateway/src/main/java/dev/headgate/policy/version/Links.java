package dev.headgate.policy.version;

import io.netty.handler.codec.http.HttpHeaders;

/** Reads {@code Link} (RFC 8288 section 3) as far as it takes to know the relations. Pure. */
final class Links {
  private static final String REL = "rel";

  private final String line;
  private final int length;
  private int at;

  private Links(String line) {
    this.line = line;
    this.length = line.length();
  }

  /** Whether one of the links has this relation. */
  static boolean relate(HttpHeaders headers, String relation) {
    if (headers.contains("link")) {
      for (String line : headers.getAll("link")) {
        if (new Links(line).has(relation)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean has(String relation) {
    while (at < length) {
      char c = line.charAt(at);
      if (c == '<') {
        at = end('>');
      } else if (c == '"') {
        at = string();
      } else if (c == ';' && names(relation)) {
        return true;
      } else if (c != ';') {
        at++;
      }
    }
    return false;
  }

  /** Reads the parameter behind a semicolon up to its value's end; true where that has it. */
  private boolean names(String relation) {
    at++;
    blanks();
    int name = at;
    while (at < length && "=;,\"< \t".indexOf(line.charAt(at)) < 0) {
      at++;
    }
    boolean rel = at - name == REL.length() && line.regionMatches(true, name, REL, 0, REL.length());
    blanks();
    if (at >= length || line.charAt(at) != '=') {
      return false;
    }
    at++;
    blanks();
    int value = at;
    if (at < length && line.charAt(at) == '"') {
      at = string();
      return rel && among(line.substring(value + 1, Math.max(value + 1, at - 1)), relation);
    }
    while (at < length && ";, \t".indexOf(line.charAt(at)) < 0) {
      at++;
    }
    return rel && among(line.substring(value, at), relation);
  }

  private static boolean among(String relations, String relation) {
    for (String one : relations.split("[ \t]+", -1)) {
      if (one.equalsIgnoreCase(relation)) {
        return true;
      }
    }
    return false;
  }

  private void blanks() {
    while (at < length && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  /** Behind the next of these characters, or the line's end. */
  private int end(char close) {
    int found = line.indexOf(close, at);
    return found < 0 ? length : found + 1;
  }

  /** Behind the string that begins here, or the line's end. */
  private int string() {
    for (int i = at + 1; i < length; i++) {
      char c = line.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return length;
  }
}
