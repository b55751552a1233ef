package dev.headgate.samples;

import java.util.List;
import java.util.Map;

/** What the shop holds at the start, in the shape of each version. */
final class Shop {
  static final List<Map<String, Object>> USERS_V1 =
      List.of(Map.of("name", "Ada Lovelace"), Map.of("name", "Alan Turing"));

  static final List<Map<String, Object>> USERS_V2 =
      List.of(
          Map.of("givenName", "Ada", "familyName", "Lovelace"),
          Map.of("givenName", "Alan", "familyName", "Turing"));

  static final List<Map<String, Object>> ORDERS_V1 =
      List.of(
          Map.of("userId", 1, "item", "punched cards", "quantity", 1000),
          Map.of("userId", 2, "item", "tape", "quantity", 1));

  static final List<Map<String, Object>> ORDERS_V2 =
      List.of(
          Map.of("userId", 1, "lines", List.of(Map.of("item", "punched cards", "quantity", 1000))),
          Map.of("userId", 2, "lines", List.of(Map.of("item", "tape", "quantity", 1))));

  private Shop() {}
}
