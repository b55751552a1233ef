package dev.headgate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.route.HostPattern;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Targets and hosts: what is taken is put together again from its parts, and nothing else. */
class RequestTargetFuzzTest {
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[-._~!$&'()*+;=0-9A-Za-z]+)(:[0-9]{0,5})?");

  @FuzzTest(maxDuration = "10s")
  void aTargetIsTheSumOfItsParts(byte[] octets) {
    String uri = new String(octets, StandardCharsets.ISO_8859_1);
    for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.OPTIONS}) {
      RequestTarget target;
      try {
        target = RequestTarget.parse(method, uri);
      } catch (GatewayFailure refused) {
        assertThat(refused.reason().status()).isEqualTo(400);
        continue;
      }
      String local = target.query() == null ? target.path() : target.path() + "?" + target.query();
      assertThat(target.asterisk() || target.path().startsWith("/")).isTrue();
      assertThat(target.path()).doesNotContain("?", "#");
      if (target.authority() == null) {
        assertThat(local).isEqualTo(uri);
      } else {
        assertThat(target.authority()).matches(HOST);
        int end = uri.indexOf("//") + 2 + target.authority().length();
        assertThat(local).endsWith(uri.substring(end));
      }
    }
  }

  @FuzzTest(maxDuration = "10s")
  void aHostThatIsTakenHasOneReading(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    String host = HostPattern.normalize(text);
    assertThat(HostPattern.normalize(host + ":80"))
        .isEqualTo(host.isEmpty() ? "" : HostPattern.normalize(host));
    if (Authority.valid(text)) {
      assertThat(text).matches(HOST);
      assertThat(text.regionMatches(true, 0, host, 0, host.length())).isTrue();
      assertThat(text.substring(host.length())).matches("\\.?(:[0-9]{0,5})?");
    }
  }
}
