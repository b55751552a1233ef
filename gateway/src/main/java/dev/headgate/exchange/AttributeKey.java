package dev.headgate.exchange;

/**
 * A typed key for what one policy leaves on the exchange for itself. Compared by identity, so no
 * two policies can meet under one name.
 *
 * @param <T> the value's type
 */
@SuppressWarnings("UnusedTypeParameter") // it types get() and put()
public final class AttributeKey<T> {
  private final String name;

  public AttributeKey(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
