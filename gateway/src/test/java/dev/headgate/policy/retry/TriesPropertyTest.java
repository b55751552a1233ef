package dev.headgate.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Deadline;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.testing.Property;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Any interleaving of answers, failures, time, a client that sends slowly and one that goes: at
 * most so many tries, one signal, each token accounted for, nothing left running, nothing left
 * held.
 */
class TriesPropertyTest {
  private static final int TOKENS = 4;
  private static final List<FailureReason> FAILURES =
      List.of(
          FailureReason.UPSTREAM_RESET,
          FailureReason.UPSTREAM_CONNECTION_REFUSED,
          FailureReason.UPSTREAM_REFUSED,
          FailureReason.BREAKER_OPEN,
          FailureReason.BULKHEAD_FULL,
          FailureReason.UPSTREAM_TIMEOUT);

  @Test
  void anyInterleaving() {
    Property.forAll(4_000, random -> new Run(random).play());
  }

  private static final class Run implements CoreSubscriber<GatewayResponse> {
    private final Random random;
    private final CountedMemory memory = new CountedMemory();
    private final VirtualTime time = new VirtualTime();
    private final List<Call> calls = new ArrayList<>();
    private final TokenBucket budget = new TokenBucket(new TokenBucket.Limits(0, 0, 4_000_000));
    private final HttpMethod method;
    private final int maxAttempts;
    private final boolean hedged;
    private final @Nullable StreamedBody request;
    private final StringBuilder sent = new StringBuilder();
    private final GatewayExchange exchange;
    private @Nullable Subscription subscription;
    private @Nullable GatewayResponse answer;
    private @Nullable Throwable failure;
    private boolean cancelled;
    private boolean realAnswerKept;

    Run(Random random) {
      this.random = random;
      for (int i = 0; i < TOKENS; i++) {
        budget.giveBack();
      }
      method = Property.oneOf(random, List.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST));
      maxAttempts = 1 + random.nextInt(5);
      request = method.equals(HttpMethod.GET) ? null : new StreamedBody(-1, new Connection());
      hedged = Property.chance(random, 50);
      exchange = time.exchange(method, request == null ? Body.EMPTY : request);
    }

    void play() {
      if (Property.chance(random, 50)) {
        exchange.deadline(Deadline.after(exchange.now(), Duration.ofMillis(400)));
      }
      Hedge hedge =
          new Hedge(new HedgeConfig(new HedgeConfig.After(0, Duration.ofMillis(20)), 100));
      RetryConfig config = new RetryConfig(maxAttempts, Retries.ON, Backoff.DEFAULT, 30);
      Retries.of(config, budget, hedged ? hedge : null, random::nextDouble)
          .apply(exchange, this::call)
          .subscribe(this);
      for (int i = 0; i < 80; i++) {
        step();
        check();
      }
      end();
    }

    private Mono<GatewayResponse> call(GatewayExchange asked) {
      Call call = new Call(asked);
      return Mono.create(call::begin);
    }

    private void step() {
      int what = random.nextInt(12);
      Call call = calls.isEmpty() ? null : Property.oneOf(random, calls);
      if (what < 4) {
        time.advance(Duration.ofMillis(1 + random.nextInt(30)));
      } else if (what < 6 && request != null && sent.length() < 60) {
        String piece = "abcdefghij".substring(0, 1 + random.nextInt(10));
        sent.append(piece);
        request.offer(memory.buffer(piece));
      } else if (what < 11 && call != null) {
        call.step();
      } else if (Property.chance(random, 3) && subscription != null) {
        cancelled = true;
        subscription.cancel();
      }
    }

    private void check() {
      boolean mayHedge = hedged && method.equals(HttpMethod.GET);
      assertThat(calls.size())
          .isLessThanOrEqualTo(mayHedge ? Math.max(2, maxAttempts) : maxAttempts);
      assertThat(calls.stream().filter(c -> c.running).count())
          .isLessThanOrEqualTo(mayHedge ? 2 : 1);
      if (answer != null || failure != null || cancelled) {
        assertThat(calls).as("running in vain").noneMatch(c -> c.running);
        assertThat(time.nothingScheduled()).as("timers").isTrue();
      }
      if (failure instanceof GatewayFailure known && realAnswerKept) {
        assertThat(RetryRules.yieldsToAnswer(known.reason())).isFalse();
      }
    }

    private void end() {
      if (answer == null && failure == null && !cancelled && subscription != null) {
        cancelled = true;
        subscription.cancel();
      }
      check();
      if (answer != null) {
        answer.discard();
      }
      exchange.body().discard();
      if (request != null) {
        request.cancel();
      }
      exchange.ended();
      calls.forEach(Call::drop);
      int left = 0;
      while (budget.withdraw(0)) {
        left++;
      }
      int begun = Math.max(0, calls.size() - 1);
      // A backoff that was cut short has been paid for.
      assertThat(TOKENS - left).isBetween(begun, cancelled ? begun + 1 : begun);
      assertThat(memory.held()).isZero();
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(GatewayResponse response) {
      assertThat(answer == null && failure == null && !cancelled).as("one signal").isTrue();
      answer = response;
    }

    @Override
    public void onError(Throwable error) {
      assertThat(answer == null && failure == null && !cancelled).as("one signal").isTrue();
      failure = error;
    }

    @Override
    public void onComplete() {
      assertThat(answer).isNotNull();
    }

    /** One try of the service, which reads the body as it likes, and ends as it likes. */
    private final class Call {
      private final GatewayExchange asked;
      private @Nullable MonoSink<GatewayResponse> sink;
      private @Nullable BodyReader reader;
      private @Nullable StreamedBody response;
      private boolean running;

      Call(GatewayExchange asked) {
        this.asked = asked;
      }

      void begin(MonoSink<GatewayResponse> given) {
        sink = given;
        running = true;
        calls.add(this);
        given.onCancel(
            () -> {
              running = false;
              stopReading();
            });
      }

      private void stopReading() {
        BodyReader reading = reader;
        reader = null;
        if (reading != null) {
          reading.cancel();
        }
      }

      void step() {
        if (running) {
          if (request != null && reader == null && Property.chance(random, 60)) {
            reader = new BodyReader();
            asked.body().subscribe(reader);
          }
          if (reader != null) {
            reader.request(1 + random.nextInt(2));
            assertThat(sent.toString()).startsWith(reader.got());
          }
          if (Property.chance(random, 50)) {
            finish();
          }
        } else if (response != null) {
          if (Property.chance(random, 60)) {
            response.offer(memory.buffer("more"));
          } else if (Property.chance(random, 50)) {
            response.complete(EmptyHttpHeaders.INSTANCE);
            response = null;
          } else {
            response.fail(GatewayFailure.of(FailureReason.UPSTREAM_RESET));
            response = null;
          }
        }
      }

      private void finish() {
        MonoSink<GatewayResponse> out = sink;
        if (out == null) {
          return;
        }
        running = false;
        boolean keepsReading = Property.chance(random, 20);
        if (!keepsReading) {
          stopReading();
        }
        if (Property.chance(random, 50)) {
          out.error(GatewayFailure.of(Property.oneOf(random, FAILURES)));
          stopReading();
          return;
        }
        int status = Property.oneOf(random, List.of(200, 404, 500, 503, 503, 503, 502));
        boolean whole = Property.chance(random, 50);
        if (whole) {
          realAnswerKept |= Retries.ON.answered(status);
          out.success(withPause(Response.of(status, new FullBody(memory.buffer("answer")))));
        } else {
          realAnswerKept = false;
          StreamedBody body = new StreamedBody(-1, new Connection());
          response = body;
          body.offer(memory.buffer("begun"));
          out.success(withPause(Response.of(status, body)));
        }
        stopReading();
      }

      private GatewayResponse withPause(GatewayResponse given) {
        if (Property.chance(random, 10)) {
          given.headers().set("retry-after", "1");
        }
        return given;
      }

      void drop() {
        stopReading();
        if (response != null) {
          response.cancel();
        }
      }
    }
  }

  private static final class Connection implements StreamedBody.Source {
    @Override
    public void readMore() {}

    @Override
    public void bodyCancelled() {}
  }
}
