package dev.headgate.telemetry;

/** Where the lines of the access log go. Never blocks. */
@FunctionalInterface
public interface AccessLog {
  /** Writes nothing. */
  AccessLog NONE = record -> {};

  /** Takes a line, or counts it as dropped. */
  void log(AccessRecord record);
}
