package dev.headgate.exchange;

import java.util.function.BiConsumer;

/** The trace that an exchange is part of, as its services are told of it. */
public interface Trace {
  /** 32 lower-case hexadecimal digits, not all of them zero. */
  String traceId();

  /**
   * Says by which fields a service takes its part in the trace, for one try: each replaces what
   * stands there. The same for the same try.
   */
  void tell(Try one, BiConsumer<CharSequence, String> fields);
}
