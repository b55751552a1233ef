package dev.headgate.policy.idempotency;

/**
 * What an entry is kept under: the namespace in clear, and a digest of caller and key, so that
 * neither a credential nor a client's key is ever stored.
 *
 * @param text {@code namespace:digest}; visible ASCII without braces
 */
record LookupKey(String text) {
  @Override
  public String toString() {
    return text;
  }
}
