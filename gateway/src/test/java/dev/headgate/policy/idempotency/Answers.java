package dev.headgate.policy.idempotency;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What stores are filled with, and how their answers are heard. */
final class Answers {
  static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Random RANDOM = new Random(7);

  private Answers() {}

  static <T> T of(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  static synchronized Token token() {
    return Token.next(RANDOM);
  }

  static Fingerprint fingerprint(int of) {
    byte[] head = new byte[Fingerprint.LENGTH];
    byte[] body = new byte[Fingerprint.LENGTH];
    new Random(of).nextBytes(head);
    new Random(-of).nextBytes(body);
    return new Fingerprint(head, of % 3 == 0 ? null : body);
  }

  static StoredAnswer answer(int status, String body) {
    return new StoredAnswer(
        status,
        new DefaultHttpHeaders().add("Content-Type", "text/plain").add("X-A", "1").add("X-A", "2"),
        body.getBytes(StandardCharsets.UTF_8),
        new DefaultHttpHeaders().add("X-Sum", "abc"));
  }

  static Entry.Completed completed(Fingerprint fingerprint, int status, String body) {
    return new Entry.Completed(fingerprint, answer(status, body));
  }

  /** All of an entry that can be told apart. */
  static String text(Entry entry) {
    StringBuilder text = new StringBuilder(entry.getClass().getSimpleName());
    text.append(' ').append(entry.fingerprint().hashCode());
    if (entry instanceof Entry.Running running) {
      text.append(' ').append(running.token());
    } else if (entry instanceof Entry.Unknown unknown) {
      text.append(' ').append(unknown.token());
    } else if (entry instanceof Entry.Completed completed) {
      StoredAnswer answer = completed.answer();
      text.append(' ').append(answer.status()).append(fields(answer.headers()));
      text.append(new String(answer.body(), StandardCharsets.ISO_8859_1));
      text.append(fields(answer.trailers()));
    }
    return text.toString();
  }

  private static List<String> fields(HttpHeaders fields) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> field : fields) {
      lines.add(field.getKey() + "=" + field.getValue());
    }
    return lines;
  }
}
