package dev.headgate.policy.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.policy.idempotency.EntryCodec.State;
import java.security.SecureRandom;

/** What Redis has under a key may be anybody's: it is read, or it is malformed. */
class StoredValueFuzzTest {
  private static final LookupKey KEY = new LookupKey("charge:abc");

  @FuzzTest(maxDuration = "10s")
  void aValueIsAnEntryOrMalformed(byte[] octets) {
    Seal seal = new Seal(true, null, new SecureRandom());
    Entry entry;
    try {
      entry = StoredValue.read(seal, KEY, octets);
    } catch (Wire.Malformed malformed) {
      return;
    }
    // What was read can be written, and is the same then.
    if (entry instanceof Entry.Completed completed) {
      byte[] packed = seal.pack(KEY, EntryCodec.encode(State.ANSWERED, completed, 1));
      EntryCodec.Content again = seal.open(KEY, packed, 0);
      assertThat(again.fingerprint()).isEqualTo(entry.fingerprint());
      assertThat(again.answer()).isNotNull();
      assertThat(Answers.text(new Entry.Completed(again.fingerprint(), again.answer())))
          .isEqualTo(Answers.text(entry));
    }
  }
}
