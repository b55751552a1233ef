package dev.headgate.config;

/** How the reader of a value says that it is not right. */
interface Refusal {
  /**
   * Refuses the value.
   *
   * @param reason follows the value found in the message, such as {@code has no unit (expected:
   *     ...)}
   */
  void because(ProblemCode code, String reason);
}
