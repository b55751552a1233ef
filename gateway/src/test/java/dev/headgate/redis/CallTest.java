package dev.headgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.redis.RedisFailure.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whether a call that failed may have been done is known at each moment of its life. */
class CallTest {
  private final Queue<RedisCommand<byte[], byte[], byte[]>> sent = new ArrayDeque<>();
  private final Pipe pipe = new Pipe(connection(), new Load(0), () -> 0);

  private StatefulConnection<byte[], byte[]> connection() {
    return unchecked(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {StatefulConnection.class},
            (proxy, method, args) -> {
              sent.add(unchecked(args[0]));
              return args[0];
            }));
  }

  @SuppressWarnings("unchecked")
  private static <T> T unchecked(Object object) {
    return (T) object;
  }

  private static Call call(boolean replicated) {
    byte[][] keys = {{'k'}};
    return new Call(RedisScript.of("return 'x'"), keys, new byte[0][], replicated, 1_000_000_000);
  }

  /** What was sent last is answered. */
  private void reply(String value) {
    RedisCommand<byte[], byte[], byte[]> command = sent.remove();
    command.getOutput().set(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
    command.complete();
  }

  private static boolean maybeDone(Call call) {
    CompletionException failed =
        catchThrowableOfType(
            CompletionException.class, () -> call.result().orTimeout(5, TimeUnit.SECONDS).join());
    assertThat(failed).isNotNull();
    return ((RedisFailure) failed.getCause()).maybeDone();
  }

  private static void timeOut(Call call) {
    call.fail(Kind.TIMEOUT, "no answer in time", null);
  }

  @Test
  void aCallThatTimesOutBetweenItsAnswerAndItsResultMayBeDone() {
    Call call = call(false);
    pipe.run(
        call,
        (value, error) -> {
          timeOut(call);
          assertThat(value).asString().isEqualTo("1");
        });
    reply("1");
    assertThat(maybeDone(call)).isTrue();
  }

  @Test
  void aCallThatTimesOutWhileItWaitsForReplicasMayBeDone() {
    Call call = call(true);
    new ReplicatedLane(pipe, 1, () -> 0).run(call, (value, error) -> {});
    reply("1");
    timeOut(call);
    assertThat(maybeDone(call)).isTrue();
  }

  @Test
  void aCallThatWasRefusedIsNotDone() {
    Call call = call(false);
    pipe.run(call, (value, error) -> timeOut(call));
    sent.remove().completeExceptionally(new RedisCommandExecutionException("OOM no room"));
    assertThat(maybeDone(call)).isFalse();
  }

  @Test
  void aCallThatTimedOutBeforeItWasSentIsNotDoneAndNotSent() {
    Call call = call(false);
    timeOut(call);
    pipe.run(call, (value, error) -> {});
    assertThat(sent).isEmpty();
    assertThat(maybeDone(call)).isFalse();
  }

  @Test
  void aCallThatRanBehindItsWaitEndsAtOnceWhereNoMoreCanWait() {
    ReplicatedLane lane = new ReplicatedLane(pipe, 1, () -> 0);
    Call call = call(true);
    lane.run(call, (value, error) -> call.fail(Kind.UNAVAILABLE, "full", error));
    sent.remove().completeExceptionally(new RedisCommandExecutionException("NOSCRIPT none"));
    RedisCommand<byte[], byte[], byte[]> wait = sent.remove();
    RedisCommand<byte[], byte[], byte[]> byText = sent.remove();
    lane.run(call(true), (value, error) -> {});
    wait.getOutput().set(1);
    wait.complete();
    for (int i = 0; i < 10_000; i++) {
      lane.run(call(true), (value, error) -> {});
    }
    byText.getOutput().set(ByteBuffer.wrap(new byte[] {'1'}));
    byText.complete();
    assertThat(maybeDone(call)).isTrue();
  }
}
