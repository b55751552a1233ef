package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.testing.Property;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The reader against the rules in plain words, on sections that break them one way or another. */
class Http2RequestHeadTest {
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");
  private static final List<String> NAMES =
      List.of(
          "x-a",
          "x-b",
          "cookie",
          "te",
          "host",
          "connection",
          "upgrade",
          "transfer-encoding",
          "keep-alive",
          "proxy-connection",
          "X-Upper",
          "x y",
          "x\u0000",
          "accept",
          "x_c!#$%&'*+.^`|~");
  private static final List<String> VALUES =
      List.of(
          "1",
          "",
          "a b",
          " a",
          "a ",
          "\ta",
          "a\t",
          "a\tb",
          "a\nb",
          "a\rb",
          "a\u0000b",
          "\u00e9",
          "a\u007fb",
          "trailers",
          "Trailers",
          "gateway",
          "GATEWAY",
          "other",
          "a\u0001b");
  private static final List<String> METHODS =
      List.of("GET", "POST", "CONNECT", "PURGE", "get", "G T", "", "G\nT");
  private static final List<String> PATHS =
      List.of("/", "/a?b", "*", "", "a", "/a b", "/\u00e9", "/a\u0000", "http://h/", "/a#b");

  private record Field(String name, String value) {}

  private static List<Field> section(Random random) {
    List<Field> fields = new ArrayList<>();
    pseudo(
        fields, random, ":method", random.nextInt(3) > 0 ? "GET" : Property.oneOf(random, METHODS));
    pseudo(fields, random, ":scheme", random.nextInt(8) > 0 ? "https" : "ftp");
    pseudo(fields, random, ":path", random.nextInt(3) > 0 ? "/a" : Property.oneOf(random, PATHS));
    pseudo(fields, random, ":authority", "gateway");
    if (Property.chance(random, 5)) {
      fields.add(new Field(":protocol", random.nextBoolean() ? "websocket" : "other"));
    }
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      boolean good = random.nextInt(3) > 0;
      fields.add(
          new Field(
              good ? NAMES.get(random.nextInt(3)) : Property.oneOf(random, NAMES),
              good ? VALUES.get(random.nextInt(3)) : Property.oneOf(random, VALUES)));
    }
    return fields;
  }

  private static void pseudo(List<Field> fields, Random random, String name, String value) {
    if (!Property.chance(random, 4)) {
      fields.add(new Field(name, value));
    }
    if (Property.chance(random, 3)) {
      fields.add(new Field(name, value));
    }
  }

  // ---- the rules, in plain words

  private static List<String> all(List<Field> fields, String name) {
    return fields.stream().filter(f -> f.name.equals(name)).map(Field::value).toList();
  }

  private static boolean sound(List<Field> fields) {
    for (String pseudo : List.of(":method", ":scheme", ":path", ":authority", ":protocol")) {
      if (all(fields, pseudo).size() > 1) {
        return false;
      }
    }
    return fields.stream()
            .filter(f -> !f.name.startsWith(":"))
            .allMatch(Http2RequestHeadTest::sound)
        && soundPseudo(
            one(fields, ":method"),
            one(fields, ":scheme"),
            one(fields, ":path"),
            one(fields, ":authority"),
            one(fields, ":protocol"))
        && soundHost(one(fields, ":authority"), all(fields, "host"));
  }

  private static @Nullable String one(List<Field> fields, String name) {
    List<String> values = all(fields, name);
    return values.isEmpty() ? null : values.get(0);
  }

  private static boolean sound(Field field) {
    return field.name.matches("[a-z0-9!#$%&'*+.^_`|~-]+")
        && !OF_A_CONNECTION.contains(field.name)
        && (!field.name.equals("te") || field.value.equalsIgnoreCase("trailers"))
        && field.value.matches("(?s)[\t -~\u0080-\u00ff]*")
        && !field.value.matches("(?s)[ \t].*|.*[ \t]");
  }

  private static boolean soundPseudo(
      @Nullable String method,
      @Nullable String scheme,
      @Nullable String path,
      @Nullable String authority,
      @Nullable String protocol) {
    if (method == null || !method.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      return false;
    }
    if (protocol != null && !method.equals("CONNECT")) {
      return false;
    }
    if (method.equals("CONNECT") && protocol == null) {
      return authority != null && scheme == null && path == null;
    }
    return scheme != null
        && scheme.matches("https?")
        && path != null
        && (path.equals("*") || path.matches("/[!-~]*"));
  }

  private static boolean soundHost(@Nullable String authority, List<String> hosts) {
    return authority == null
        || hosts.isEmpty()
        || (hosts.size() == 1 && hosts.get(0).equalsIgnoreCase(authority));
  }

  private static Http2Headers encoded(List<Field> fields) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    fields.forEach(field -> headers.add(field.name, field.value));
    return headers;
  }

  @Test
  void takesExactlyWhatIsSound() {
    Property.forAll(
        20_000,
        random -> {
          List<Field> fields = section(random);
          HttpRequest read = read(fields);
          assertThat(read != null).as("%s is sound", fields).isEqualTo(sound(fields));
          if (read != null) {
            assertSame(read, fields);
          }
        });
  }

  private static @Nullable HttpRequest read(List<Field> fields) {
    try {
      return Http2RequestHead.read(encoded(fields));
    } catch (Http2RequestHead.Malformed malformed) {
      return null;
    }
  }

  private static void assertSame(HttpRequest read, List<Field> fields) {
    assertThat(read.protocolVersion()).isSameAs(Http2RequestHead.HTTP_2);
    String authority = one(fields, ":authority");
    if (authority != null) {
      assertThat(read.headers().getAll("host")).containsExactly(authority);
    }
    List<String> cookies = all(fields, "cookie");
    if (!cookies.isEmpty()) {
      assertThat(read.headers().getAll("cookie")).containsExactly(String.join("; ", cookies));
    }
    Set<String> others = new HashSet<>(List.of("host", "cookie", "connection", "upgrade"));
    assertThat(
            read.headers().entries().stream()
                .filter(entry -> !others.contains(entry.getKey()))
                .map(entry -> new Field(entry.getKey(), entry.getValue())))
        .containsExactlyElementsOf(
            fields.stream()
                .filter(f -> !f.name.startsWith(":") && !others.contains(f.name))
                .collect(Collectors.toList()));
    boolean webSocket = "websocket".equals(one(fields, ":protocol"));
    assertThat(read.headers().get("upgrade")).isEqualTo(webSocket ? "websocket" : null);
    assertThat(read.method().name()).isEqualTo(webSocket ? "GET" : one(fields, ":method"));
  }

  @Test
  void trailersHaveRegularFieldsOnly() {
    Property.forAll(
        2_000,
        random -> {
          List<Field> fields = section(random);
          boolean pseudo = fields.stream().anyMatch(f -> f.name.startsWith(":"));
          boolean sound = !pseudo && fields.stream().allMatch(Http2RequestHeadTest::sound);
          boolean read = true;
          try {
            Http2RequestHead.trailers(encoded(fields));
          } catch (Http2RequestHead.Malformed malformed) {
            read = false;
          }
          assertThat(read).as("%s", fields).isEqualTo(sound);
        });
  }
}
