package dev.headgate.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.contract.harness.Commands;
import dev.headgate.contract.harness.ConfigRepo;
import dev.headgate.contract.harness.Once;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code headgate check}: every problem at once, each with its place. */
@Once
class CheckIT {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<file>[^:]*):(?<line>[0-9]+):(?<column>[0-9]+): (?<code>[A-Za-z0-9_.-]+) .+");
  private static final String UPSTREAMS =
      "upstreams:\n  u:\n    endpoints: [http://127.0.0.1:9001]\n";

  /** The issue's own documents, letter for letter. */
  private static final String ISSUE_UPSTREAMS =
      """
      upstreams:
        users-v2:
          endpoints: [http://127.0.0.1:9001, {url: http://127.0.0.1:9002, weight: 2}]
          connect-timeout: 500ms
      """;

  private static final String ISSUE_ROUTES =
      """
      routes:
        users:
          match:
            hosts: [api.example.com, "*.example.com"]
            path: "/users/{id}/**"            # "/users/**" also matches /users
            methods: [GET, POST]
            headers: {end-user: jason, x-tier: {regex: "gold|silver"}, x-debug: {present: false}}
            query: {beta: "1"}
          priority: 10
          upstream: users-v2
          rewrite: {path: "/internal/users/{id}/**"}    # or {strip-prefix: /api}
          timeout: {total: 3s, per-try: 1s, idle: 30s}
          request-headers: {set: {x-a: "1"}, add: {x-b: "2"}, remove: [x-c]}
          response-headers: {remove: [server]}
      """;

  private static Commands.Result check(ConfigRepo repo) throws Exception {
    Commands.Result result = Commands.headgate("check", repo.folder().toString());
    assertThat(result.out() + result.err())
        .doesNotContain("\tat ")
        .doesNotContain("OutOfMemoryError")
        .doesNotContain("StackOverflowError");
    return result;
  }

  private static List<String> problems(Commands.Result result) {
    return result.out().lines().filter(line -> LINE.matcher(line).matches()).toList();
  }

  /** Some problem stands at {@code place} and says each of {@code words}. */
  private static void assertProblem(Commands.Result result, String place, String... words) {
    assertThat(problems(result))
        .as("%s", result)
        .anyMatch(
            line ->
                line.contains(place) && Arrays.stream(words).allMatch(word -> line.contains(word)));
  }

  @Test
  void theIssuesDocumentsAreFine() throws Exception {
    Commands.Result result =
        check(ConfigRepo.create().upstreams(ISSUE_UPSTREAMS).routes(ISSUE_ROUTES));
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(problems(result)).isEmpty();
  }

  @Test
  void theSampleRepoIsFine() throws Exception {
    Commands.Result result =
        Commands.headgate("check", Commands.home().resolve("config-repo").toString());
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(problems(result)).isEmpty();
  }

  @Test
  void everyProblemIsReportedAtOnceWithItsPlaceValueAndExpectation() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .write(
                "upstreams/a.yml",
                """
                upstreams:
                  u:
                    endpoints: [http://127.0.0.1:9001]
                    conect-timeout: 1s
                  units:
                    endpoints: [http://127.0.0.1:9001]
                    connect-timeout: 500
                  types:
                    endpoints: 7
                  url:
                    endpoints: ["not a url"]
                  twice:
                    endpoints: [http://127.0.0.1:9001]
                """)
            .write(
                "upstreams/b.yml",
                """
                upstreams:
                  twice:
                    endpoints: [http://127.0.0.1:9002]
                """)
            .write(
                "routes/a.yml",
                """
                routes:
                  dangling:
                    match: {path: /dangling}
                    upstream: nobody
                  regex:
                    match: {path: /regex, headers: {x-a: {regex: "(unclosed"}}}
                    upstream: u
                  tries:
                    match: {path: /tries}
                    upstream: u
                    timeout: {total: 1s, per-try: 2s}
                  same:
                    match: {path: /same-1}
                    upstream: u
                  words:
                    match: {path: /words}
                    priority: high
                    upstream: u
                  methods:
                    match: {path: /methods, methods: ["G E T"]}
                    upstream: u
                  nothing:
                    match: {path: /nothing}
                  both:
                    match: {path: /both}
                    upstream: u
                    respond: {status: 200, body: x}
                  status:
                    match: {path: /status}
                    respond: {status: 99, body: x}
                """)
            .write(
                "routes/b.yml",
                """
                routes:
                  same:
                    match: {path: /same-2}
                    upstream: u
                """);
    Commands.Result result = check(repo);
    assertThat(result.exit()).isEqualTo(1);
    assertProblem(result, "upstreams/a.yml:4:5:", "conect-timeout", "connect-timeout");
    assertProblem(result, "upstreams/a.yml:7:22:", "500", "expected");
    assertProblem(result, "upstreams/a.yml:9:16:", "7", "expected");
    assertProblem(result, "upstreams/a.yml:11:17:", "not a url", "expected");
    assertProblem(result, "upstreams/b.yml:2:3:", "twice");
    assertProblem(result, "routes/a.yml:4:15:", "nobody");
    assertProblem(result, "routes/a.yml:6:", "(unclosed");
    assertProblem(result, "routes/a.yml:11:", "2s", "1s");
    assertProblem(result, "routes/b.yml:2:3:", "same");
    assertProblem(result, "routes/a.yml:17:15:", "high", "expected");
    assertProblem(result, "routes/a.yml:20:", "G E T");
    assertProblem(result, "routes/a.yml:22:", "");
    assertProblem(result, "routes/a.yml:2", "respond");
    assertProblem(result, "routes/a.yml:30:", "99", "expected");
  }

  @Test
  void tiesAndUnreachableRoutesAreProblems() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .upstreams(UPSTREAMS)
            .routes(
                """
                routes:
                  tie-1:
                    match: {path: "/tie/{a}"}
                    upstream: u
                  tie-2:
                    match: {path: "/tie/{b}"}
                    upstream: u
                  covering:
                    match: {path: /cover/**}
                    priority: 5
                    upstream: u
                  covered:
                    match: {path: /cover/me}
                    upstream: u
                """);
    Commands.Result result = check(repo);
    assertThat(result.exit()).isEqualTo(1);
    assertProblem(result, "routes/test.yml:", "tie-1", "tie-2");
    assertProblem(result, "routes/test.yml:", "covered", "covering");
  }

  @Test
  void routesThatOnlySeemToTieAreFine() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .upstreams(UPSTREAMS)
            .routes(
                """
                routes:
                  by-get: {match: {path: "/a/{x}", methods: [GET]}, upstream: u}
                  by-post: {match: {path: "/a/{x}", methods: [POST]}, upstream: u}
                  by-host: {match: {path: "/a/{x}", hosts: [a.example]}, upstream: u}
                  by-header: {match: {path: "/a/{x}", headers: {x-a: "1"}}, upstream: u}
                  by-other-value: {match: {path: "/a/{x}", headers: {x-a: "2"}}, upstream: u}
                  by-priority: {match: {path: "/a/{x}", query: {q: "1"}}, priority: 3, upstream: u}
                """);
    Commands.Result result = check(repo);
    assertThat(result.exit()).as("%s", result).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "routes: {a: {match: [}}",
        "routes:\n\ta: 1\n",
        "routes: {a: 1, a: 2}",
        "routes: \"unterminated",
        "- just\n- a list\n",
        "just words",
        "routes: {a: {match: {path: /a}, upstream: u}}\n---\nroutes: {}\n}",
        "routes: {a: {match: {path: no-slash}, upstream: u}}",
        "routes: {a: {match: {path: \"/a/**/b\"}, upstream: u}}",
        "routes: {a: {match: {path: \"/{a}/{a}\"}, upstream: u}}",
        "routes: {a: {match: {path: \"/a\"}, upstream: u, rewrite: {path: \"/{missing}\"}}}",
        "routes: {a: {match: {path: /a}, upstream: u, timeout: {total: 3 parsecs}}}",
        "routes: {a: {match: {path: /a}, upstream: u, timeout: {total: -1s}}}",
        "routes: {a: {match: {path: /a}, upstream: u, request-headers: {set: {\"bad name\": \"1\"}}}}",
        "routes: {a: {match: {path: /a}, upstream: u, request-headers: {set: {x-a: \"1\\r\\nx-b: 2\"}}}}",
        "routes: {a: {upstream: u}}",
        "routes: {\"\": {match: {path: /a}, upstream: u}}",
        "routes: {a: !!javax.script.ScriptEngineManager {match: {path: /a}, upstream: u}}",
        "rotues: {}",
      })
  void aBrokenDocumentIsAProblemWithItsPlace(String routes) throws Exception {
    Commands.Result result = check(ConfigRepo.create().upstreams(UPSTREAMS).routes(routes));
    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertProblem(result, "routes/test.yml:");
  }

  @Test
  void warningsAlonePass() throws Exception {
    ConfigRepo repo =
        ConfigRepo.create()
            .upstreams(UPSTREAMS)
            .routes("routes: {a: {match: {path: /a}, respond: {status: 200, body: a}}}");
    Commands.Result result = check(repo);
    assertThat(result.exit()).as("%s", result).isZero();
    assertProblem(result, "upstreams/test.yml:2:3:", "u");
  }

  @Test
  void anAliasBombIsAProblem() throws Exception {
    StringBuilder bomb =
        new StringBuilder("x0: &x0 [boom, boom, boom, boom, boom, boom, boom, boom]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append(
          "x%1$d: &x%1$d [*x%2$d, *x%2$d, *x%2$d, *x%2$d, *x%2$d, *x%2$d, *x%2$d, *x%2$d]\n"
              .formatted(i, i - 1));
    }
    Commands.Result result =
        check(ConfigRepo.create().upstreams(UPSTREAMS).routes(bomb + "routes: *x11\n"));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(problems(result)).isNotEmpty();
  }

  @Test
  void aDeeplyNestedFileIsAProblem() throws Exception {
    Commands.Result result =
        check(ConfigRepo.create().upstreams(UPSTREAMS).routes("routes: " + "[".repeat(100_000)));
    assertThat(result.exit()).isEqualTo(1);
    assertThat(problems(result)).isNotEmpty();
  }

  @Test
  void aFileOf50MegabytesIsAProblem() throws Exception {
    ConfigRepo repo = ConfigRepo.create().upstreams(UPSTREAMS);
    byte[] line =
        "# nothing but words, words, words, words, words\n".getBytes(StandardCharsets.UTF_8);
    try (var out = Files.newOutputStream(repo.file("routes/test.yml"))) {
      byte[] block =
          new String(line, StandardCharsets.UTF_8).repeat(1_000).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 50_000_000 / block.length + 1; i++) {
        out.write(block);
      }
    }
    Commands.Result result = check(repo);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("routes/test.yml");
  }

  @Test
  void aBinaryFileIsAProblem() throws Exception {
    ConfigRepo repo = ConfigRepo.create().upstreams(UPSTREAMS);
    Files.write(
        repo.file("routes/test.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, (byte) 0x80});
    Commands.Result result = check(repo);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("routes/test.yml");
  }

  @Test
  void anEmptyFolderGetsAClearAnswer() throws Exception {
    Path empty = Files.createTempDirectory("headgate-empty");
    Commands.Result result = Commands.headgate("check", empty.toString());
    assertThat(result.exit()).isIn(0, 1);
    assertThat(result.out() + result.err()).isNotBlank().doesNotContain("Exception");
  }

  @Test
  void aFolderThatIsNotThereIsAnError() throws Exception {
    Commands.Result result = Commands.headgate("check", "/no/such/folder");
    assertThat(result.exit()).isIn(1, 2);
    assertThat(result.out() + result.err()).contains("/no/such/folder").doesNotContain("\tat ");
  }

  @Test
  void wrongUsageIsStatus2() throws Exception {
    assertThat(Commands.headgate("chekc").exit()).isEqualTo(2);
    assertThat(Commands.headgate("check", "a", "b").exit()).isEqualTo(2);
    assertThat(Commands.headgate().exit()).isEqualTo(2);
  }
}
