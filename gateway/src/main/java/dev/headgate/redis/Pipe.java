package dev.headgate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes commands to a connection of Lettuce's; answers come in the same order. */
final class Pipe {
  private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

  private final StatefulConnection<byte[], byte[]> connection;
  private final Load load;
  private final LongSupplier ticker;

  Pipe(StatefulConnection<byte[], byte[]> connection, Load load, LongSupplier ticker) {
    this.connection = connection;
    this.load = load;
    this.ticker = ticker;
  }

  /** Called once, with one of the two. */
  interface Answer {
    void came(byte @Nullable [] value, @Nullable Throwable error);
  }

  /**
   * Runs a call's script by its digest, or, where Redis does not know that, by its text.
   *
   * @param answer also for a call that has failed since; not for one that was over before
   */
  void run(Call call, Answer answer) {
    run(call, false, answer);
  }

  void run(Call call, boolean byText, Answer answer) {
    if (!call.beginsToBeSent()) {
      return;
    }
    int size = call.bytes() + (byText ? call.script().text().length() : 0);
    if (!load.take(size, ticker.getAsLong())) {
      call.refused();
      answer.came(null, new Load.Full());
      return;
    }
    CommandArgs<byte[], byte[]> args =
        new CommandArgs<>(CODEC)
            .add(byText ? call.script().text() : call.script().sha1())
            .add(call.keys().length);
    for (byte[] key : call.keys()) {
      args.addKey(key);
    }
    for (byte[] arg : call.args()) {
      args.add(arg);
    }
    this.<byte[]>dispatch(
            byText ? CommandType.EVAL : CommandType.EVALSHA, new ValueOutput<>(CODEC), args)
        .whenComplete(
            (value, error) -> {
              load.done(size, ticker.getAsLong());
              RedisCommandExecutionException reply = error == null ? null : Replies.reply(error);
              if (reply != null && !byText && Replies.is(reply, "NOSCRIPT")) {
                run(call, true, answer);
              } else {
                if (reply != null) {
                  call.refused();
                } else if (error != null) {
                  call.lost();
                }
                answer.came(value, reply == null ? error : reply);
              }
            });
  }

  /** How many replicas have what this connection has written. */
  CompletionStage<Long> waitFor(int replicas, long millis) {
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(CODEC).add(replicas).add(millis);
    return counted(dispatch(CommandType.WAIT, new IntegerOutput<>(CODEC), args));
  }

  CompletionStage<String> ping() {
    return counted(dispatch(CommandType.PING, new StatusOutput<>(CODEC), new CommandArgs<>(CODEC)));
  }

  /** All of {@code INFO}. */
  CompletionStage<String> info() {
    return counted(dispatch(CommandType.INFO, new StatusOutput<>(CODEC), new CommandArgs<>(CODEC)));
  }

  private <T> CompletionStage<T> counted(CompletionStage<T> answer) {
    load.take(0, ticker.getAsLong());
    return answer.whenComplete((value, error) -> load.done(0, ticker.getAsLong()));
  }

  private <T> AsyncCommand<byte[], byte[], T> dispatch(
      CommandType type, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> args) {
    AsyncCommand<byte[], byte[], T> command = new AsyncCommand<>(new Command<>(type, output, args));
    try {
      connection.dispatch(command);
    } catch (RuntimeException e) {
      command.completeExceptionally(e);
    }
    return command;
  }
}
