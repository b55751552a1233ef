package dev.headgate.policy.accesslog;

import dev.headgate.exchange.Decision;
import dev.headgate.exchange.ExchangeRecord;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayRequest;
import dev.headgate.exchange.VersionSource;
import dev.headgate.policy.Policy;
import dev.headgate.telemetry.AccessLog;
import dev.headgate.telemetry.AccessRecord;
import dev.headgate.telemetry.QueryNames;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Writes the access log's line when the exchange is over, cancelled ones included. */
final class AccessLogging implements Policy.Hook {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final AccessLog log;
  private final InstantSource clock;

  AccessLogging(AccessLog log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  @Override
  public void onEnd(GatewayExchange exchange) {
    ExchangeRecord record = exchange.record();
    GatewayRequest request = exchange.request();
    long total = exchange.now() - record.startNanos();
    long upstream = record.upstreamNanos();
    VersionSource from = record.versionSource();
    log.log(
        new AccessRecord(
            clock.millis() - total / NANOS_PER_MILLI,
            exchange.requestId(),
            exchange.traceId(),
            request.client(),
            request.method().name(),
            QueryNames.only(request.path(), request.query()),
            record.route(),
            record.version(),
            from == null ? null : from.word(),
            record.upstream(),
            record.endpoint(),
            record.attempts(),
            record.status(),
            names(record.flags()),
            texts(record.decisions()),
            record.keyed(),
            record.cached(),
            record.bytesIn(),
            record.bytesOut(),
            total / NANOS_PER_MICRO,
            upstream < 0 ? -1 : upstream / NANOS_PER_MICRO));
  }

  private static List<String> texts(List<Decision.Made> decisions) {
    return decisions.isEmpty() ? List.of() : decisions.stream().map(Decision.Made::text).toList();
  }

  private static List<String> names(Set<FailureReason> flags) {
    return flags.isEmpty() ? List.of() : flags.stream().map(FailureReason::name).toList();
  }
}
