package dev.headgate.config;

/** Whether a problem keeps the set from being used. */
public enum Severity {
  /** The whole set is refused. */
  ERROR,
  /** The set is used; the problem is only shown. */
  WARNING
}
