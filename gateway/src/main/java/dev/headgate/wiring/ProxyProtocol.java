package dev.headgate.wiring;

/** Whether connections begin with a PROXY header. */
enum ProxyProtocol {
  /** They do not; a header would be a malformed request. */
  OFF,
  /** All of them do, in version 1 or 2; one that does not is closed. */
  REQUIRED
}
