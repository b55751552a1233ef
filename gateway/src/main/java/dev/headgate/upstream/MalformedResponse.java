package dev.headgate.upstream;

/** A response that is not HTTP/1.1; no stack trace, since where it was found tells nothing. */
final class MalformedResponse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedResponse(String offence) {
    super(offence, null, false, false);
  }
}
