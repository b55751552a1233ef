package dev.headgate.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.RawHttp;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection to the gateway, from an address that no other has, and what is said on it. */
record Client(String address, RawHttp http, StrictReader reader) implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String GOOD =
      "POST /good HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
  private static final String PROBE = "GET /probe HTTP/1.1\r\nHost: a\r\n\r\n";

  static Client to(int port) throws IOException {
    int number = COUNT.getAndIncrement();
    // Linux has all of 127/8; elsewhere what comes late cannot be told from what comes in time.
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    String address =
        linux
            ? "127." + (1 + number / 62_500) + "." + number / 250 % 250 + "." + (1 + number % 250)
            : "127.0.0.1";
    RawHttp http = RawHttp.from(address, port);
    http.readTimeout(Duration.ofSeconds(5));
    return new Client(address, http, new StrictReader(http.in()));
  }

  void sendGood() throws IOException {
    http.send(GOOD);
  }

  void expectGood() throws IOException {
    Message answer = Objects.requireNonNull(reader.response(false), "no answer to a good request");
    assertThat(answer.body()).isEqualTo("/good");
  }

  /** Sends the octets, and then FIN where that is meant. */
  void say(byte[] octets, boolean ends) {
    try {
      http.send(octets);
      if (ends) {
        http.halfClose();
      }
    } catch (IOException refusedBeforeTheEnd) {
      // The answer, if there was one, is there to be read.
    }
  }

  /** What frames what was said before otherwise than the gateway swallows the probe. */
  void probe() {
    say(PROBE.getBytes(StandardCharsets.US_ASCII), false);
  }

  /**
   * Statuses, then {@code open} where the probe was answered, {@code close} where it was not.
   *
   * @param head whether the first answer is that of a HEAD
   * @param answers filled with them, the probe's left out
   */
  String listen(boolean head, List<Message> answers) throws IOException {
    int before = answers.size();
    String end = "";
    while (end.isEmpty()) {
      end = next(head && answers.stream().allMatch(Message::interim), answers);
    }
    return told(answers.subList(before, answers.size())) + end;
  }

  /** The same, but the probe is sent only when the first answer is here. */
  String listenThenProbe(boolean head, List<Message> answers) throws IOException {
    String end = "";
    while (end.isEmpty() && answers.stream().allMatch(Message::interim)) {
      end = next(head, answers);
    }
    String first = told(answers) + end;
    if (!end.isEmpty()) {
      return first;
    }
    probe();
    return first + listen(false, answers);
  }

  /** Reads one answer; how the connection stands where that is the last of them, else nothing. */
  private String next(boolean bodiless, List<Message> answers) throws IOException {
    try {
      Message answer = reader.response(bodiless);
      if (answer == null) {
        return "close";
      }
      if (answer.values("x-target").equals(List.of("/probe"))) {
        return "open";
      }
      answers.add(answer);
      return "";
    } catch (SocketTimeoutException nothing) {
      return "hang";
    }
  }

  private static String told(List<Message> answers) {
    StringBuilder told = new StringBuilder();
    for (Message answer : answers) {
      told.append(answer.status()).append(answer.complete() ? " " : " broken ");
    }
    return told.toString();
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
