package dev.headgate.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.Decision;
import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.Step;
import dev.headgate.exchange.Try;
import dev.headgate.exchange.VersionSource;
import dev.headgate.telemetry.trace.Propagation.Format;
import dev.headgate.telemetry.trace.TracingSettings.Trust;
import dev.headgate.testing.Destinations;
import dev.headgate.testing.VirtualTime;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  private final VirtualTime time = new VirtualTime();
  private final AtomicLong ids = new AtomicLong();
  private final List<SpanData> sent = new ArrayList<>();
  private final SpanSink sink = new SpanSink(100);

  private Tracing tracing(Trust trust, double ratio) {
    sink.to(List.of(new Collecting()));
    return new Tracing(
        new TracingSettings(
            new Propagation(EnumSet.of(Format.W3C), EnumSet.of(Format.W3C)),
            trust,
            Set.of("tier"),
            true,
            Duration.ofSeconds(2),
            Duration.ofMillis(5)),
        Sampler.parentBased(Sampler.traceIdRatioBased(ratio)),
        sink,
        Resource.empty(),
        ids::incrementAndGet,
        () -> NOW);
  }

  private final class Collecting implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      sent.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private GatewayExchange exchange(boolean trusted, @Nullable String traceparent) {
    GatewayExchange exchange = time.exchange(HttpMethod.GET, Body.EMPTY, trusted);
    if (traceparent != null) {
      exchange.headers().set("traceparent", traceparent);
    }
    return exchange;
  }

  private static String parent(String flags) {
    return "00-" + TRACE + "-" + CALLER + "-" + flags;
  }

  private static HttpHeaders told(GatewayExchange exchange, Try one) {
    HttpHeaders fields = new DefaultHttpHeaders();
    java.util.Objects.requireNonNull(exchange.trace()).tell(one, fields::set);
    return fields;
  }

  private Try ended(GatewayExchange exchange, int status) {
    Try one = exchange.currentTry();
    one.begun(Destinations.named("svc"), exchange.now());
    exchange.record().attempt(one);
    one.answered(status);
    one.lasted(exchange.now());
    one.ended(Try.End.COMPLETE);
    return one;
  }

  // ---- whose trace it is

  @Test
  void aTrustedCallersTraceGoesOnWithItsFlagsAndState() {
    GatewayExchange exchange = exchange(true, parent("03"));
    exchange.headers().add("tracestate", "foo=1").add("tracestate", "bar=2");

    tracing(Trust.TRUSTED_PROXIES, 0).begin(exchange, "/a");

    assertThat(exchange.headers().isEmpty()).as("the caller's word is taken out").isTrue();
    HttpHeaders fields = told(exchange, exchange.currentTry());
    assertThat(fields.get("traceparent")).startsWith("00-" + TRACE + "-").endsWith("-03");
    assertThat(fields.get("traceparent")).doesNotContain(CALLER);
    assertThat(fields.get("tracestate")).isEqualTo("foo=1,bar=2");
    assertThat(exchange.traceId()).isEqualTo(TRACE);
  }

  @Test
  void aStrangersTraceIsLinkedAndNotContinued() {
    GatewayExchange exchange = exchange(false, parent("01"));
    exchange.headers().set("tracestate", "foo=1").set("baggage", "tier=gold");
    Tracing tracing = tracing(Trust.TRUSTED_PROXIES, 1);

    tracing.begin(exchange, "/a");
    exchange.record().status(200);
    tracing.ended(exchange);

    assertThat(exchange.traceId()).isNotEqualTo(TRACE);
    assertThat(exchange.headers().isEmpty()).isTrue();
    assertThat(told(exchange, exchange.currentTry()).contains("tracestate")).isFalse();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).getParentSpanContext().isValid()).isFalse();
    assertThat(sent.get(0).getLinks().get(0).getSpanContext().getTraceId()).isEqualTo(TRACE);
  }

  @Test
  void everyoneIsBelievedOrNobodyWhereTheConfigSaysSo() {
    GatewayExchange stranger = exchange(false, parent("01"));
    stranger.headers().set("baggage", "tier=gold,user=7");
    tracing(Trust.EVERYONE, 0).begin(stranger, "/a");
    assertThat(stranger.traceId()).isEqualTo(TRACE);
    assertThat(stranger.headers().get("baggage")).isEqualTo("tier=gold");

    GatewayExchange proxy = exchange(true, parent("01"));
    tracing(Trust.NOBODY, 0).begin(proxy, "/a");
    assertThat(proxy.traceId()).isNotEqualTo(TRACE);
  }

  @Test
  void aNewTraceIsRandomAndSampledByTheRatio() {
    GatewayExchange kept = exchange(false, null);
    tracing(Trust.NOBODY, 1).begin(kept, "/a");
    assertThat(told(kept, kept.currentTry()).get("traceparent")).endsWith("-03");

    GatewayExchange left = exchange(false, null);
    tracing(Trust.NOBODY, 0).begin(left, "/a");
    assertThat(told(left, left.currentTry()).get("traceparent")).endsWith("-02");
  }

  @Test
  void eachTryIsASpanOfItsOwnAndTheSameOneTwice() {
    GatewayExchange exchange = exchange(false, null);
    tracing(Trust.NOBODY, 1).begin(exchange, "/a");

    Try first = exchange.currentTry();
    String one = told(exchange, first).get("traceparent");
    String two = told(exchange, exchange.anotherTry(false)).get("traceparent");

    assertThat(two).isNotEqualTo(one);
    assertThat(told(exchange, first).get("traceparent")).isEqualTo(one);
  }

  @Test
  void whereNoRouteMatchedTheRequestItselfIsToldForWhoeverAnswers() {
    GatewayExchange exchange = exchange(false, null);

    tracing(Trust.NOBODY, 1).begin(exchange, null);

    assertThat(exchange.headers().get("traceparent")).contains(exchange.traceId());
  }

  // ---- what is sent

  @Test
  void theTreeOfARetryThatWaited() {
    Tracing tracing = tracing(Trust.EVERYONE, 1);
    GatewayExchange exchange = exchange(true, parent("01"));
    tracing.begin(exchange, "/users/{id}");
    exchange.record().route("users");
    exchange.record().version("2", VersionSource.PATH);
    long start = exchange.now();
    Try first = exchange.currentTry();
    first.begun(Destinations.named("svc"), start);
    exchange.record().attempt(first);
    told(exchange, first);
    time.advance(Duration.ofMillis(10));
    first.lasted(exchange.now());
    first.failed(FailureReason.UPSTREAM_RESET);
    exchange.record().decided(Decision.RETRY, "UPSTREAM_RESET", exchange.now());
    exchange
        .record()
        .step(new Step(Step.Kind.WAIT, "bulkhead wait", start, exchange.now(), Map.of("k", "v")));
    exchange.record().step(new Step(Step.Kind.CALL, "short call", start, start + 1, Map.of()));
    exchange.record().step(new Step(Step.Kind.WAIT, "too short", start, start + 1, Map.of()));
    exchange.anotherTry(false);
    Try second = ended(exchange, 200);
    told(exchange, second);
    time.advance(Duration.ofMillis(5));
    exchange.record().status(200);
    tracing.ended(exchange);

    assertThat(sent)
        .extracting(SpanData::getName)
        .containsExactly("GET /users/{id}", "GET", "GET", "bulkhead wait", "short call");
    SpanData server = sent.get(0);
    assertThat(server.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(server.getParentSpanId()).isEqualTo(CALLER);
    assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(server.getEndEpochNanos()).isEqualTo(NOW.getEpochSecond() * 1_000_000_000L);
    assertThat(server.getEndEpochNanos() - server.getStartEpochNanos()).isEqualTo(15_000_000);
    assertThat(server.getEvents()).extracting(EventData::getName).containsExactly("retry");
    assertThat(text(server, "http.route")).isEqualTo("/users/{id}");
    assertThat(text(server, "headgate.version")).isEqualTo("2");
    assertThat(sent.subList(1, 5))
        .allMatch(child -> child.getParentSpanId().equals(server.getSpanId()));
    assertThat(sent.get(1).getSpanId()).isEqualTo(HexText.of(first.spanId()));
    assertThat(text(sent.get(1), "error.type")).isEqualTo("UPSTREAM_RESET");
    assertThat(text(sent.get(1), "headgate.attempt.end")).isEqualTo("failed");
    assertThat(sent.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(sent.get(2).getAttributes().get(AttributeKey.longKey("http.request.resend_count")))
        .isEqualTo(1);
    assertThat(sent.get(3).getKind()).isEqualTo(SpanKind.INTERNAL);
  }

  private static @Nullable String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  @Test
  void whatIsNotSampledIsSentWhereItFailed() {
    Tracing tracing = tracing(Trust.NOBODY, 0);
    GatewayExchange fine = exchange(false, null);
    tracing.begin(fine, "/a");
    ended(fine, 200);
    fine.record().status(200);
    tracing.ended(fine);
    assertThat(sent).isEmpty();

    GatewayExchange failed = exchange(false, null);
    tracing.begin(failed, "/a");
    ended(failed, 503);
    failed.record().status(503);
    tracing.ended(failed);

    assertThat(sent).hasSize(2).allMatch(span -> span.getSpanContext().isSampled());
    assertThat(text(sent.get(0), "error.type")).isEqualTo("503");
    assertThat(sent.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void soIsWhatTookLong() {
    Tracing tracing = tracing(Trust.NOBODY, 0);
    GatewayExchange slow = exchange(false, null);
    tracing.begin(slow, "/a");
    time.advance(Duration.ofMillis(2_001));
    slow.record().status(200);
    tracing.ended(slow);

    assertThat(sent).hasSize(1);
  }

  @Test
  void aClientsFaultIsNoErrorOfTheServers() {
    Tracing tracing = tracing(Trust.NOBODY, 1);
    GatewayExchange gone = exchange(false, null);
    tracing.begin(gone, null);
    gone.record().flag(FailureReason.CLIENT_ABORTED);
    gone.record().status(499);
    tracing.ended(gone);

    assertThat(sent.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(text(sent.get(0), "error.type")).isEqualTo("CLIENT_ABORTED");
    assertThat(sent.get(0).getAttributes().get(AttributeKey.longKey("http.response.status_code")))
        .isNull();
    assertThat(sent.get(0).getName()).isEqualTo("GET");
  }

  @Test
  void nothingIsMadeWhereNobodyTakesIt() {
    Tracing tracing = tracing(Trust.NOBODY, 1);
    sink.to(List.of());
    GatewayExchange exchange = exchange(false, null);
    tracing.begin(exchange, "/a");
    tracing.ended(exchange);

    assertThat(exchange.trace())
        .isInstanceOfSatisfying(ExchangeTrace.class, t -> assertThat(t.reported()).isFalse());
  }

  // ---- a sink that cannot keep up

  @Test
  void whatThereIsNoRoomForIsCountedAndRoomComesWithTheNextBatch() {
    SpanSink small = new SpanSink(1);
    List<SpanData> taken = new ArrayList<>();
    small.to(List.of(new Collecting()));
    Tracing tracing = tracing(Trust.NOBODY, 1);
    GatewayExchange exchange = exchange(false, null);
    tracing.begin(exchange, "/a");
    tracing.ended(exchange);
    FinishedSpan span = (FinishedSpan) sent.get(0);

    small.accept(List.of(span, span));
    assertThat(small.overflowed()).isEqualTo(1);

    CompletableResultCode result = new CompletableResultCode();
    var exporter =
        small.counting(
            new io.opentelemetry.sdk.trace.export.SpanExporter() {
              @Override
              public CompletableResultCode export(java.util.Collection<SpanData> batch) {
                taken.addAll(batch);
                return result;
              }

              @Override
              public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
              }

              @Override
              public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
              }
            });
    exporter.export(List.of(span));
    small.accept(List.of(span));
    assertThat(small.overflowed()).isEqualTo(1);
    assertThat(small.exported()).isZero();
    result.fail();
    assertThat(small.failed()).isEqualTo(1);
    assertThat(taken).hasSize(1);
  }
}
