package dev.headgate.route;

/** Positions in a raw request path. */
final class RawPath {
  private RawPath() {}

  /** Where the segment that starts at {@code from} ends: the next slash, or the path's end. */
  static int segmentEnd(String rawPath, int from) {
    int slash = rawPath.indexOf('/', from);
    return slash < 0 ? rawPath.length() : slash;
  }

  /** Where the path stands after its first {@code count} segments: at a slash, or at its end. */
  static int afterSegments(String rawPath, int count) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      at = segmentEnd(rawPath, at + 1);
    }
    return at;
  }
}
