package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;

/** What an HTTP/1.1 request can have wrong with its syntax or framing. */
enum Http1Offence {
  BARE_LF("a line ends in LF without CR"),
  BARE_CR("a CR is not followed by LF"),
  EMPTY_LINES("more than one empty line before a request"),
  BAD_METHOD("the method is not a token followed by one space"),
  BAD_TARGET("the request target is not visible ASCII followed by one space"),
  BAD_VERSION("the version is not HTTP/d.d followed by the line's end"),
  OTHER_MAJOR_VERSION(FailureReason.VERSION_NOT_SUPPORTED, "the major version is not 1"),
  TOO_MANY_FIELDS(FailureReason.HEADERS_TOO_LARGE, "more fields than allowed"),
  FOLDED_LINE("a field line begins with white space"),
  EMPTY_NAME("a field has no name"),
  NO_COLON("a field line has no colon"),
  SPACE_BEFORE_COLON("white space between a field's name and its colon"),
  BAD_NAME("a field's name is not a token"),
  CONTROL_IN_VALUE("a field's value has a control character in it"),
  BAD_LENGTH("Content-Length is not one number below 2^63"),
  LENGTH_TWICE("Content-Length is given more than once"),
  LENGTH_AND_CODING("both Content-Length and Transfer-Encoding"),
  CODING_IN_HTTP_1_0("Transfer-Encoding in HTTP/1.0"),
  BAD_CODING("Transfer-Encoding is not exactly one chunked"),
  UNKNOWN_CODING(FailureReason.TRANSFER_CODING_UNKNOWN, "an unknown transfer coding"),
  OLD_WEBSOCKET("the handshake of a WebSocket draft"),
  SLOW_HEAD(FailureReason.CLIENT_TIMEOUT, "the head did not arrive in time"),
  BAD_CHUNK_SIZE("a chunk's size is not a hexadecimal number below 2^63"),
  BAD_CHUNK_EXTENSION("a chunk's extension is malformed"),
  LONG_CHUNK_EXTENSION("a chunk's extensions are longer than 4 KiB"),
  BAD_CHUNK_END("a chunk's data is not followed by CRLF");

  private final FailureReason reason;
  private final String message;

  Http1Offence(String message) {
    this(FailureReason.BAD_REQUEST, message);
  }

  Http1Offence(FailureReason reason, String message) {
    this.reason = reason;
    this.message = message;
  }

  FailureReason reason() {
    return reason;
  }

  String message() {
    return message;
  }
}
