package dev.headgate.policy.reverse;

import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayResponse;
import dev.headgate.policy.Policy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites back what a service says of its own paths: {@code Location} and {@code Content-Location}
 * (RFC 9110 sections 10.2.2 and 8.7), {@code Refresh}, and {@code Path} in {@code Set-Cookie} (RFC
 * 6265 section 4.1.2.4). What is not surely the service's own is left as it is.
 */
record ReverseRewrite(UpstreamPlaces places) implements Policy.Hook {
  private static final AsciiString REFRESH = AsciiString.cached("refresh");
  private static final Pattern REFRESH_URL =
      Pattern.compile(
          "(\\s*+[0-9.]++\\s*+[;,]\\s*+(?:url\\s*+=\\s*+)?+)(['\"]?+)([^'\"]*+)(\\2)",
          Pattern.CASE_INSENSITIVE);

  @Override
  public void onResponse(GatewayExchange exchange, GatewayResponse response) {
    HttpHeaders headers = response.headers();
    reference(exchange, headers, HttpHeaderNames.LOCATION);
    reference(exchange, headers, HttpHeaderNames.CONTENT_LOCATION);
    refresh(exchange, headers);
    cookies(exchange, headers);
  }

  private void reference(GatewayExchange exchange, HttpHeaders headers, AsciiString name) {
    String value = headers.get(name);
    if (value != null) {
      headers.set(name, References.back(places, exchange, value));
    }
  }

  private void refresh(GatewayExchange exchange, HttpHeaders headers) {
    String value = headers.get(REFRESH);
    Matcher matcher = value == null ? null : REFRESH_URL.matcher(value);
    if (matcher != null && matcher.matches() && !matcher.group(3).isEmpty()) {
      String url = References.back(places, exchange, matcher.group(3));
      headers.set(REFRESH, matcher.group(1) + matcher.group(2) + url + matcher.group(4));
    }
  }

  private void cookies(GatewayExchange exchange, HttpHeaders headers) {
    List<String> cookies = headers.getAll(HttpHeaderNames.SET_COOKIE);
    if (!cookies.isEmpty()) {
      headers.set(
          HttpHeaderNames.SET_COOKIE,
          cookies.stream()
              .map(cookie -> CookiePath.back(places, exchange.versionPrefix(), cookie))
              .toList());
    }
  }
}
