package dev.headgate.policy.idempotency;

import static dev.headgate.policy.idempotency.Answers.text;
import static dev.headgate.testing.Property.chance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.policy.idempotency.EntryCodec.State;
import dev.headgate.testing.Property;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packed is what is opened, and what was changed on the way is not. */
class SealTest {
  private static final LookupKey KEY = new LookupKey("charge:abc");
  private static final String NEW_KEY = "b:" + base64(32);
  private static final String OLD_KEY = "a:" + base64(16);

  private static String base64(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Seal seal(boolean deflate, @Nullable String keys) {
    return new Seal(deflate, keys == null ? null : SealKeys.parse(keys), new SecureRandom());
  }

  private static HttpHeaders fields(Random random) {
    HttpHeaders fields =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (int i = random.nextInt(20); i > 0; i--) {
      StringBuilder value = new StringBuilder();
      for (int length = random.nextInt(chance(random, 5) ? 3_000 : 30); length > 0; length--) {
        char c = (char) random.nextInt(256);
        value.append(c == '\r' || c == '\n' || c == 0 ? ' ' : c);
      }
      CharSequence name = "X-" + random.nextInt(10);
      fields.add(chance(random, 50) ? AsciiString.of(name) : name, value.toString());
    }
    return fields;
  }

  private static Entry.Settled settled(Random random) {
    Fingerprint print = Answers.fingerprint(random.nextInt(1_000));
    return switch (random.nextInt(4)) {
      case 0 -> new Entry.NotStored(print);
      case 1 -> new Entry.Unknown(print, Token.next(random));
      default -> {
        byte[] body = new byte[random.nextInt(chance(random, 5) ? 200_000 : 3_000)];
        if (chance(random, 50)) {
          random.nextBytes(body);
        }
        yield new Entry.Completed(
            print,
            new StoredAnswer(200 + random.nextInt(400), fields(random), body, fields(random)));
      }
    };
  }

  private static byte[] stored(Seal seal, Token token, Entry.Settled entry) {
    State state = State.of(entry);
    byte[] packed = seal.pack(KEY, EntryCodec.encode(state, entry, 1));
    String head = "%014d1%c".formatted(1_000, state.letter());
    byte[] value = new byte[StoredValue.DIGITS + StoredValue.HEAD + packed.length];
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(start, 0, value, 0, start.length);
    System.arraycopy(StoredValue.bytes(token), 0, value, start.length, StoredValue.TOKEN_LENGTH);
    Arrays.fill(
        value,
        start.length + StoredValue.TOKEN_LENGTH,
        StoredValue.DIGITS + StoredValue.HEAD,
        (byte) '0');
    System.arraycopy(packed, 0, value, StoredValue.DIGITS + StoredValue.HEAD, packed.length);
    return value;
  }

  private static String expected(Entry.Settled entry, Token token) {
    return entry instanceof Entry.Unknown unknown
        ? text(new Entry.Unknown(unknown.fingerprint(), token))
        : text(entry);
  }

  @Test
  void whatIsPackedIsWhatIsOpened() {
    Property.forAll(
        400,
        random -> {
          Seal seal = seal(chance(random, 50), chance(random, 50) ? NEW_KEY : null);
          Entry.Settled entry = settled(random);
          Token token = Token.next(random);
          byte[] value = stored(seal, token, entry);
          Entry read = StoredValue.read(seal, KEY, value);
          assertThat(text(read)).isEqualTo(expected(entry, token));
          assertThat(read.fingerprint()).isEqualTo(entry.fingerprint());
        });
  }

  @Test
  void whatWasChangedIsNotOpened() {
    Property.forAll(
        400,
        random -> {
          Seal seal = seal(chance(random, 50), NEW_KEY);
          byte[] value = stored(seal, Token.next(random), settled(random));
          int at = StoredValue.DIGITS + StoredValue.HEAD + 1;
          at += random.nextInt(value.length - at);
          value[at] ^= (byte) (1 << random.nextInt(8));
          assertThatThrownBy(() -> StoredValue.read(seal, KEY, value))
              .isInstanceOf(Wire.Malformed.class);
        });
  }

  @Test
  void whatWasCutOffIsNotOpened() {
    Property.forAll(
        400,
        random -> {
          Seal seal = seal(chance(random, 50), chance(random, 50) ? NEW_KEY : null);
          Fingerprint print = Answers.fingerprint(1);
          // An answer's body goes to the end, so it has none.
          HttpHeaders none = new DefaultHttpHeaders();
          Entry.Settled entry =
              new Entry.Completed(print, new StoredAnswer(200, fields(random), new byte[0], none));
          byte[] value = stored(seal, Token.next(random), entry);
          byte[] less = Arrays.copyOf(value, random.nextInt(value.length));
          assertThatThrownBy(() -> StoredValue.read(seal, KEY, less))
              .isInstanceOf(Wire.Malformed.class);
        });
  }

  @Test
  void anEntryThatWasMovedToAnotherKeyIsNotOpened() {
    Seal seal = seal(false, NEW_KEY);
    byte[] value =
        stored(seal, Answers.token(), Answers.completed(Answers.fingerprint(1), 200, "x"));
    assertThatThrownBy(() -> StoredValue.read(seal, new LookupKey("charge:other"), value))
        .isInstanceOf(Wire.Malformed.class);
  }

  @Test
  void anEntryThatIsSaidToBeAnotherIsNotOpened() {
    Seal seal = seal(false, NEW_KEY);
    byte[] value = stored(seal, Answers.token(), new Entry.NotStored(Answers.fingerprint(1)));
    value[StoredValue.DIGITS + 1] = 'C';
    assertThatThrownBy(() -> StoredValue.read(seal, KEY, value)).isInstanceOf(Wire.Malformed.class);
  }

  @Test
  void oldKeysDecryptUntilTheyAreGone() {
    Entry.Completed entry = Answers.completed(Answers.fingerprint(1), 200, "secret body");
    byte[] old = stored(seal(true, OLD_KEY), Answers.token(), entry);
    Seal rotated = seal(true, NEW_KEY + "\n" + OLD_KEY);

    assertThat(text(StoredValue.read(rotated, KEY, old))).isEqualTo(text(entry));
    byte[] current = stored(rotated, Answers.token(), entry);
    assertThat(text(StoredValue.read(seal(false, NEW_KEY), KEY, current))).isEqualTo(text(entry));
    assertThatThrownBy(() -> StoredValue.read(seal(true, NEW_KEY), KEY, old))
        .isInstanceOf(Wire.Malformed.class);
    assertThatThrownBy(() -> StoredValue.read(seal(true, null), KEY, old))
        .isInstanceOf(Wire.Malformed.class);
  }

  @Test
  void whatIsEncryptedShowsNothingAndIsNeverTheSame() {
    Entry.Completed entry = Answers.completed(Answers.fingerprint(1), 200, "card 4111");
    Seal seal = seal(false, NEW_KEY);
    byte[] one = seal.pack(KEY, EntryCodec.encode(State.ANSWERED, entry, 1));
    byte[] other = seal.pack(KEY, EntryCodec.encode(State.ANSWERED, entry, 1));
    assertThat(new String(one, StandardCharsets.ISO_8859_1)).doesNotContain("4111");
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void deflatingMakesTextSmallerAndLeavesTheRestAlone() {
    byte[] text = "{\"amount\":100}".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    byte[] noise = new byte[10_000];
    new Random(1).nextBytes(noise);
    assertThat(packed(text).length).isLessThan(text.length / 10);
    assertThat(packed(noise).length).isLessThan(noise.length + 200);
    assertThat(packed(new byte[100]).length).isGreaterThan(100);
  }

  private static byte[] packed(byte[] body) {
    HttpHeaders none = new DefaultHttpHeaders();
    Entry entry =
        new Entry.Completed(Answers.fingerprint(1), new StoredAnswer(200, none, body, none));
    return seal(true, null).pack(KEY, EntryCodec.encode(State.ANSWERED, entry, 1));
  }

  @Test
  void aSmallValueThatClaimsToBeAHugeOneIsNotInflated() {
    byte[] bomb = new byte[64];
    bomb[0] = 1;
    Wire.Writer writer = new Wire.Writer(bomb, 1);
    writer.number(1 << 30);
    assertThatThrownBy(() -> seal(true, null).open(KEY, bomb, 0))
        .isInstanceOf(Wire.Malformed.class)
        .hasMessageContaining("larger");
  }

  @Test
  void aFieldThatWouldBreakTheMessageIsNotRead() {
    for (String bad : new String[] {"a\r\nSet-Cookie: b", "a\nb", "a\0b"}) {
      HttpHeaders fields =
          DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
      fields.add("X-A", bad);
      byte[] bytes = new byte[Fields.size(fields)];
      Fields.write(new Wire.Writer(bytes, 0), fields);
      assertThatThrownBy(() -> Fields.read(new Wire.Reader(bytes, 0)))
          .as(bad)
          .isInstanceOf(Wire.Malformed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# none",
        "a",
        ":AAAA",
        "a:AAAA",
        "a:not base64 secret!",
        "\u00fc:secret",
        "a:AAAAAAAAAAAAAAAAAAAAAA==\na:AAAAAAAAAAAAAAAAAAAAAA=="
      })
  void whatIsNoFileOfKeysIsRefusedWithoutBeingRepeated(String text) {
    assertThatThrownBy(() -> SealKeys.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ")
        .satisfies(
            error ->
                assertThat(String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT))
                    .doesNotContain("secret"));
  }

  @Test
  void commentsAndBlankLinesAreNoKeys() {
    SealKeys keys = SealKeys.parse("# of July\n\n " + NEW_KEY + " \n" + OLD_KEY + "\n");
    assertThat(keys.first().id()).isEqualTo("b");
    assertThat(keys.find("a")).isNotNull();
    assertThat(keys.find("c")).isNull();
  }
}
