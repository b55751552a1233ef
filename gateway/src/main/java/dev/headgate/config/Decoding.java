package dev.headgate.config;

import dev.headgate.config.ConfigNode.Scalar;
import java.util.ArrayList;
import java.util.List;

/** What a decoder finds besides values: problems, and references to be checked when all is read. */
final class Decoding {
  /** A place where an upstream is named. */
  record Reference(Scalar to, String path) {}

  final List<ConfigProblem> problems = new ArrayList<>();
  final List<Reference> references = new ArrayList<>();

  /** Whether keys may be missing, as in a shared block of defaults. */
  final boolean partial;

  Decoding(boolean partial) {
    this.partial = partial;
  }

  void problem(SourceMark mark, ProblemCode code, String message) {
    problems.add(ConfigProblem.of(mark, code, message));
  }

  void problem(Cursor at, ProblemCode code, String message) {
    problem(at.mark(), code, at.message(message));
  }

  void wrongType(Cursor at, String expected) {
    problem(at, ProblemCode.WRONG_TYPE, at.node.describe() + " (expected: " + expected + ")");
  }

  void refer(Cursor at, Scalar to) {
    references.add(new Reference(to, at.path()));
  }
}
