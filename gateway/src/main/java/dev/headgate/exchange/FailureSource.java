package dev.headgate.exchange;

/** Who a failure is to be blamed on. */
public enum FailureSource {
  /** The request was wrong, or its sender went away. */
  CLIENT,
  /** The gateway itself refused or failed. */
  GATEWAY,
  /** The service, or the way to it. */
  UPSTREAM
}
