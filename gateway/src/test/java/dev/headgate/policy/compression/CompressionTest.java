package dev.headgate.policy.compression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.exchange.Body;
import dev.headgate.exchange.FullBody;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.exchange.StreamedBody;
import dev.headgate.policy.Policy;
import dev.headgate.testing.Config;
import dev.headgate.testing.Response;
import dev.headgate.testing.VirtualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

class CompressionTest {
  private static final String TEXT = "some text, ".repeat(200);

  private final VirtualTime time = new VirtualTime();
  private HttpMethod method = HttpMethod.GET;
  private @Nullable String accept = "gzip";
  private @Nullable String requestCacheControl;
  private final List<ByteBuf> taken = new ArrayList<>();

  private GatewayResponse run(String config, GatewayResponse answer) {
    Policy.Around policy =
        (Policy.Around)
            Config.policy(new CompressionFactory(), "compression: " + config).orElseThrow();
    GatewayExchange exchange = time.exchange(method, Body.EMPTY);
    if (accept != null) {
      exchange.headers().set("accept-encoding", accept);
    }
    if (requestCacheControl != null) {
      exchange.headers().set("cache-control", requestCacheControl);
    }
    GatewayResponse[] got = new GatewayResponse[1];
    policy
        .apply(
            exchange,
            e -> {
              // A route that hides from the service what the client accepts.
              e.headers().remove("accept-encoding");
              return Mono.just(answer);
            })
        .subscribe(response -> got[0] = response);
    return got[0];
  }

  private static GatewayResponse text(int status, String... fields) {
    GatewayResponse answer = Response.of(status, new FullBody(Unpooled.copiedBuffer(TEXT, UTF_8)));
    answer.headers().set("content-type", "text/plain; charset=utf-8");
    answer.headers().set("content-length", TEXT.length());
    for (int i = 0; i < fields.length; i += 2) {
      answer.headers().set(fields[i], fields[i + 1]);
    }
    return answer;
  }

  private static byte[] bytes(GatewayResponse response) {
    ByteBuf content = ((FullBody) response.body()).take();
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    content.release();
    return bytes;
  }

  private static void stayedPlain(GatewayResponse response) {
    assertThat(response.headers().contains("content-encoding")).isFalse();
    assertThat(new String(bytes(response), UTF_8)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @EnumSource
  void aWholeBodyIsCompressedAtOnceAndKeepsALength(Encoding encoding) {
    accept = encoding.token();
    GatewayResponse response =
        run("{}", text(200, "etag", "\"v1\"", "accept-ranges", "bytes", "vary", "Cookie"));

    HttpHeaders headers = response.headers();
    assertThat(headers.get("content-encoding")).isEqualTo(encoding.token());
    assertThat(headers.contains("content-length")).isFalse();
    assertThat(headers.contains("accept-ranges")).isFalse();
    assertThat(headers.get("etag")).isEqualTo("W/\"v1\"");
    assertThat(headers.get("vary")).isEqualTo("Cookie, Accept-Encoding");
    assertThat(response.body().length()).isPositive().isLessThan(TEXT.length());
    assertThat(new String(Plain.of(encoding, bytes(response)), UTF_8)).isEqualTo(TEXT);
  }

  @Test
  void aWeakTagStaysWhatItIs() {
    GatewayResponse response = run("{}", text(200, "etag", "W/\"v1\""));
    assertThat(response.headers().get("etag")).isEqualTo("W/\"v1\"");
    response.discard();
  }

  @Test
  void aClientThatDoesNotAskGetsThePlainOneThatVariesAllTheSame() {
    accept = null;
    GatewayResponse response = run("{}", text(200, "etag", "\"v1\""));

    assertThat(response.headers().get("vary")).isEqualTo("Accept-Encoding");
    assertThat(response.headers().get("etag")).isEqualTo("\"v1\"");
    assertThat(response.headers().get("content-length")).isEqualTo(TEXT.length() + "");
    stayedPlain(response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-transform", "max-age=5, No-Transform"})
  void aClientThatForbidsItGetsThePlainOne(String said) {
    requestCacheControl = said;
    GatewayResponse response = run("{}", text(200));

    assertThat(response.headers().get("vary")).isEqualTo("Accept-Encoding");
    stayedPlain(response);
  }

  @ParameterizedTest
  @CsvSource({
    "cache-control, public; no-transform",
    "content-encoding, br",
    "content-range, bytes 0-9/20",
    "content-type, image/png",
    "content-digest, sha-256=:x:",
    "repr-digest, sha-256=:x:",
    "digest, sha-256=x",
    "content-md5, x",
  })
  void whatMustNotBeTouchedIsNotAndDoesNotVary(String name, String value) {
    GatewayResponse response = run("{}", text(200, name, value.replace("; ", ", ")));

    assertThat(response.headers().contains("vary")).isFalse();
    assertThat(response.body()).isInstanceOf(FullBody.class);
    assertThat(new String(bytes(response), UTF_8)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {206, 205, 101})
  void someStatusesAreLeftAlone(int status) {
    stayedPlain(run("{}", text(status)));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 404, 500})
  void othersAreNot(int status) {
    GatewayResponse response = run("{}", text(status));
    assertThat(response.headers().get("content-encoding")).isEqualTo("gzip");
    response.discard();
  }

  @Test
  void smallOnesStayPlain() {
    stayedPlain(run("{min-size: 4KiB}", text(200)));
    GatewayResponse exactly = run("{min-size: " + TEXT.length() + "B}", text(200));
    assertThat(exactly.headers().contains("content-encoding")).isTrue();
    exactly.discard();
  }

  @Test
  void anAnswerWithoutContentStaysWithout() {
    GatewayResponse answer = Response.of(200);
    answer.headers().set("content-type", "text/plain");
    assertThat(run("{min-size: 0B}", answer).headers().contains("content-encoding")).isFalse();
  }

  @Test
  void aHeadSaysWhatAGetWouldSay() {
    method = HttpMethod.HEAD;
    GatewayResponse answer = Response.of(200);
    answer.headers().set("content-type", "text/plain").set("content-length", "5000");
    GatewayResponse response = run("{}", answer);

    assertThat(response.headers().get("content-encoding")).isEqualTo("gzip");
    assertThat(response.headers().get("vary")).isEqualTo("Accept-Encoding");
    assertThat(response.headers().contains("content-length")).isFalse();
    assertThat(response.body()).isSameAs(Body.EMPTY);
  }

  @Test
  void aHeadOfASmallOneStaysAsItIs() {
    method = HttpMethod.HEAD;
    GatewayResponse answer = Response.of(200);
    answer.headers().set("content-type", "text/plain").set("content-length", "50");

    assertThat(run("{}", answer).headers().get("content-length")).isEqualTo("50");
  }

  @Test
  void a304CarriesTheTagOfWhatItStandsFor() {
    GatewayResponse answer = Response.of(304);
    answer.headers().set("etag", "\"v1\"");
    GatewayResponse response = run("{}", answer);

    assertThat(response.headers().get("etag")).isEqualTo("W/\"v1\"");
    assertThat(response.headers().get("vary")).isEqualTo("Accept-Encoding");
    assertThat(response.headers().contains("content-encoding")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "text/event-stream, true",
    "TEXT/HTML, true",
    "application/json;charset=utf-8, true",
    "application/problem+json, true",
    "application/+json, false",
    "application/jsonp, false",
    "image/svg+xml, true",
    "image/png, false",
    "text, false",
    "application/grpc, false",
  })
  void theDefaultTypesAreTexts(String type, boolean compressed) {
    GatewayResponse response = run("{}", text(200, "content-type", type));
    assertThat(response.headers().contains("content-encoding")).isEqualTo(compressed);
    response.discard();
  }

  @Test
  void theRouteMayNameItsOwn() {
    GatewayResponse response = run("{types: [image/*]}", text(200, "content-type", "image/bmp"));
    assertThat(response.headers().contains("content-encoding")).isTrue();
    response.discard();
    stayedPlain(run("{types: [image/*]}", text(200)));
  }

  @Test
  void onlyWhatTheRouteOffersIsUsed() {
    accept = "zstd, gzip;q=0.1";
    GatewayResponse response = run("{encodings: [br, gzip]}", text(200));
    assertThat(response.headers().get("content-encoding")).isEqualTo("gzip");
    response.discard();
  }

  @ParameterizedTest
  @EnumSource
  void aStreamIsFlushedBufferByBuffer(Encoding encoding) {
    accept = encoding.token();
    StreamedBody source = streamed();
    GatewayResponse response = run("{}", streaming(source));
    assertThat(response.body().length()).isEqualTo(-1);
    Subscription subscription = subscribe(response.body());
    subscription.request(100);
    ByteBuf sent = Unpooled.buffer();
    String expected = "";
    for (String event : new String[] {"data: 1\n\n", "data: 2\n\n"}) {
      source.offer(Unpooled.copiedBuffer(event, UTF_8));
      expected += event;
      taken.forEach(sent::writeBytes);
      taken.forEach(ByteBuf::release);
      taken.clear();
      byte[] soFar = new byte[sent.readableBytes()];
      sent.getBytes(0, soFar);
      assertThat(new String(Plain.soFar(encoding, soFar, expected.length()), UTF_8))
          .isEqualTo(expected);
    }
    subscription.cancel();
    sent.release();
  }

  private GatewayResponse streaming(StreamedBody source) {
    GatewayResponse answer = Response.of(200, source);
    answer.headers().set("content-type", "text/event-stream");
    return answer;
  }

  private StreamedBody streamed() {
    return new StreamedBody(
        -1,
        new StreamedBody.Source() {
          @Override
          public void readMore() {}

          @Override
          public void bodyCancelled() {}
        });
  }

  private Subscription subscribe(Body body) {
    Subscription[] subscription = new Subscription[1];
    body.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription wanted) {
            subscription[0] = wanted;
          }

          @Override
          public void onNext(ByteBuf buffer) {
            taken.add(buffer);
          }

          @Override
          public void onError(Throwable error) {
            throw new AssertionError(error);
          }

          @Override
          public void onComplete() {}
        });
    return subscription[0];
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(Config.problems(new CompressionFactory(), "compression: {types: [\"*/*\"]}"))
        .singleElement()
        .asString()
        .contains("compression.types[0]: \"*/*\" (expected: a media type");
    assertThat(Config.problems(new CompressionFactory(), "compression: {encodings: [deflate]}"))
        .singleElement()
        .asString()
        .contains("expected: zstd, br or gzip");
    assertThat(Config.policy(new CompressionFactory(), "")).isEmpty();
  }
}
