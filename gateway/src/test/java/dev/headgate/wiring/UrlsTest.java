package dev.headgate.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, http://192.0.2.1:80",
    "0.0.0.0, http://127.0.0.1:80",
    "'::', http://127.0.0.1:80",
    "'::1', http://[::1]:80",
    "2001:db8:0::7, http://[2001:db8::7]:80"
  })
  void showsWhereAPortCanBeTried(String address, String url) {
    assertThat(Urls.of("http", NetUtil.createInetAddressFromIpAddressString(address), 80))
        .isEqualTo(url);
  }
}
