package dev.headgate.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers after {@code ?ms=} milliseconds: 0 to 600,000, default 1,000. */
final class SlowHandler implements HttpHandler {
  private static final Pattern MILLIS = Pattern.compile("(?:^|&)ms=([0-9]{1,6})(?:&|$)");

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      Matcher millis = MILLIS.matcher(query == null ? "" : query);
      long wait = millis.find() ? Math.min(600_000, Long.parseLong(millis.group(1))) : 1_000;
      try {
        TimeUnit.MILLISECONDS.sleep(wait); // Being slow is what this service is for.
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return;
      }
      Answers.json(exchange, 200, Map.of("waitedMs", wait));
    }
  }
}
