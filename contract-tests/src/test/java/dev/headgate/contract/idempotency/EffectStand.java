package dev.headgate.contract.idempotency;

import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.GatewayProcess;
import dev.headgate.contract.harness.RedisServer;
import dev.headgate.contract.harness.Signals;
import dev.headgate.contract.harness.TcpProxy;
import dev.headgate.contract.idempotency.EffectSchedule.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Two gateways, a Redis with a replica, and all that can be done to them. */
final class EffectStand implements AutoCloseable {
  private final EffectGateway[] gateways;
  private final TcpProxy toRedis;
  private final ExecutorService repairs = Executors.newCachedThreadPool();
  private final List<CompletableFuture<?>> underRepair = new ArrayList<>();
  private RedisServer master = RedisServer.start();
  private RedisServer replica = master.replica();

  EffectStand(EffectService service) {
    toRedis = TcpProxy.to(master.port());
    ConfigRepo repo =
        ConfigRepo.create()
            .with("service", service.url())
            .with("redis", toRedis.port())
            .gateway("headgate.store.redis: {uri: \"redis://127.0.0.1:@redis@\", min-replicas: 1}")
            .upstreams(
                """
                upstreams:
                  service: {endpoints: ["@service@"], circuit-breaker: {window: 20, minimum-calls: 10, open-for: 300ms}}
                """)
            .routes(
                """
                defaults: {route: {timeout: {total: 1s}}}
                routes:
                  pay: {match: {path: /pay/**}, upstream: service, idempotency: {required: true}}
                  known: {match: {path: /known/**}, upstream: service, idempotency: {required: true, upstream-idempotent: true}}
                  bare: {match: {path: /bare/**}, upstream: service}
                """);
    gateways = new EffectGateway[] {new EffectGateway("one", repo), new EffectGateway("two", repo)};
  }

  /** The ports of the gateways as they are now. */
  List<IntSupplier> ports() {
    return List.of(gateways[0]::port, gateways[1]::port);
  }

  /** Follows the schedule for as long as that holds. */
  void suffer(EffectSchedule schedule, BooleanSupplier on) throws Exception {
    for (Step step : schedule.steps()) {
      TimeUnit.MILLISECONDS.sleep(step.pause());
      if (!on.getAsBoolean()) {
        return;
      }
      System.out.println("effect test: " + step);
      strike(step);
    }
  }

  private void strike(Step step) throws Exception {
    switch (step.blow()) {
      case KILL_GATEWAY -> later(gateways[step.gateway()]::killAndRestart);
      case STOP_GATEWAY -> later(() -> gateways[step.gateway()].stop(step.length()));
      case CUT_CONNECTIONS -> toRedis.cut();
      case KILL_REDIS -> {
        master.kill();
        TimeUnit.MILLISECONDS.sleep(step.length());
        master.restart();
      }
      case STOP_REDIS -> {
        master.pause();
        TimeUnit.MILLISECONDS.sleep(step.length());
        master.resume();
      }
      case KILL_REDIS_AND_PROMOTE -> {
        master.kill();
        promote();
      }
      case STOP_REDIS_AND_PROMOTE -> {
        master.pause();
        promote();
      }
      case KILL_REPLICA -> {
        replica.kill();
        TimeUnit.MILLISECONDS.sleep(step.length());
        replica.restart().follow(master.port());
      }
    }
  }

  /** The replica becomes the master; what was that comes back as its replica. */
  private void promote() {
    RedisServer old = master;
    replica.promote();
    toRedis.lead(replica.port());
    old.kill();
    old.restart().follow(replica.port());
    master = replica;
    replica = old;
  }

  /** Does what takes long beside the blows that follow. */
  private void later(Runnable task) {
    underRepair.add(CompletableFuture.runAsync(task, repairs));
  }

  /** Waits until all is as it was at the start. */
  void repair() {
    underRepair.forEach(CompletableFuture::join);
    for (EffectGateway gateway : gateways) {
      gateway.assertAlive();
    }
    replica.awaitInStep();
  }

  @Override
  public void close() throws IOException {
    repairs.shutdownNow();
    for (EffectGateway gateway : gateways) {
      gateway.close();
    }
    toRedis.close();
    replica.close();
    master.close();
  }

  /** One gateway, that is there again after each death. */
  private static final class EffectGateway implements AutoCloseable {
    private final String name;
    private final ConfigRepo repo;
    private final String state;
    private final Object lock = new Object();
    private int lives;
    private volatile GatewayProcess process;

    EffectGateway(String name, ConfigRepo repo) {
      this.name = name;
      this.repo = repo;
      this.state = "--headgate.state-dir=" + repo.folder() + "." + name;
      this.process = start();
    }

    private GatewayProcess start() {
      return GatewayProcess.start("Effect/" + name + "-" + ++lives, repo, state);
    }

    int port() {
      return process.port();
    }

    void killAndRestart() {
      synchronized (lock) {
        Signals.kill(process.process());
        process.assertNoLeakLogged();
        process = start();
      }
    }

    void stop(int millis) {
      synchronized (lock) {
        Signals.stop(process.process());
        try {
          TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException stop) {
          Thread.currentThread().interrupt();
        } finally {
          Signals.resume(process.process());
        }
      }
    }

    void assertAlive() {
      synchronized (lock) {
        if (!process.process().isAlive()) {
          throw new AssertionError("gateway " + name + " ended by itself\n" + process.log());
        }
      }
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
