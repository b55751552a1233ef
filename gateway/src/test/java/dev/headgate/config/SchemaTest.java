package dev.headgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas take what the loader takes, and refuse what an editor can see to be wrong. */
class SchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              Objects.requireNonNull(
                  new SchemaWriter(
                          List.of(
                              Keys.REQUEST_HEADERS, Keys.RESPONSE_HEADERS, Keys.RETRY, Keys.BUFFER),
                          List.of(Keys.SHARE))
                      .files()
                      .get("routes.schema.json")),
              InputFormat.JSON);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "defaults",
        "hosts",
        "timeouts",
        "timeouts-unwritten",
        "yaml-words",
        "nothing",
        "versioning"
      })
  void takesWhatTheLoaderTakes(String name) throws IOException {
    for (ConfigFile file : GoldenTest.files(name)) {
      for (String document :
          new String(file.content(), StandardCharsets.UTF_8).split("(?m)^---$", -1)) {
        // Merge keys are unknown to JSON Schema, and this validator's reader leaves aliases
        // unresolved.
        String text = document.replaceAll("(?m)^ *<<:.*\n", "").replace("*any", "{}");
        if (!text.replaceAll("#.*", "").isBlank()) {
          assertThat(SCHEMA.validate(text, InputFormat.YAML)).as(file.name()).isEmpty();
        }
      }
    }
  }

  @Test
  void takesTheIssuesSample() {
    assertThat(SCHEMA.validate(IssueSampleTest.SAMPLE, InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "routes: []",
        "rutes: {}",
        "routes: {'a b': {match: {}, respond: {}}}",
        "routes: {a: {respond: {}}}",
        "routes: {a: {match: {}}}",
        "routes: {a: {match: {}, respond: {}, upstream: u}}",
        "routes: {a: {match: {path: users}, respond: {}}}",
        "routes: {a: {match: {methods: []}, respond: {}}}",
        "routes: {a: {match: {headers: {'x y': a}}, respond: {}}}",
        "routes: {a: {match: {headers: {x: {regexp: a}}}, respond: {}}}",
        "routes: {a: {match: {headers: {x: {regex: a, present: true}}}, respond: {}}}",
        "routes: {a: {match: {}, respond: {}, timeout: {total: 3}}}",
        "routes: {a: {match: {}, respond: {}, timeout: {total: 1m30s}}}",
        "routes: {a: {match: {}, respond: {}, timeout: {idle: none}}}",
        "routes: {a: {match: {}, respond: {}, priority: high}}",
        "routes: {a: {match: {}, respond: {}, priority: 1000001}}",
        "routes: {a: {match: {}, respond: {}, buffer: 64}}",
        "routes: {a: {match: {}, respond: {}, retry: on}}",
        "routes: {a: {match: {}, redirect: {status: 200, location: /}}}",
        "routes: {a: {match: {}, redirect: {location: /}}}",
        "routes: {a: {match: {}, versioning: {from: {header: x}, versions: {1: {upstream: u}}}, respond: {}}}",
        "routes: {a: {match: {}, versioning: {versions: {1: {upstream: u}}}}}",
        "routes: {a: {match: {}, versioning: {from: {header: x}}}}",
        "routes: {a: {match: {}, versioning: {from: {header: x}, versions: {1: {}}}}}",
        "routes: {a: {match: {}, versioning: {from: {path: '/{version}'}, versions: {1: {upstream: u}}}}}",
        "routes: {a: {match: {}, versioning: {from: {cookie: x}, versions: {1: {upstream: u}}}}}",
        "routes: {a: {match: {}, versioning: {from: {header: x}, scheme: semver, versions: {1: {upstream: u}}}}}",
        "routes: {a: {match: {}, versioning: {from: {header: x}, versions: {latest: {upstream: u}}}}}",
        "defaults: {route: {versioning: {from: {header: x}, versions: {1: {upstream: u}}}}}",
        "upstreams: {u: {}}",
        "upstreams: {u: {endpoints: []}}",
        "upstreams: {u: {endpoints: [users:80]}}",
        "upstreams: {u: {endpoints: [{url: 'http://u', wieght: 3}]}}",
        "upstreams: {u: {endpoints: [{weight: 3}]}}",
        "upstreams: {u: {endpoints: ['http://u'], share: 50}}",
        "defaults: {route: {match: {}}}",
        "defaults: {upstream: {endpoints: ['http://u']}}",
      })
  void refusesWhatTheLoaderRefuses(String document) {
    assertThat(SCHEMA.validate(document, InputFormat.YAML)).as(document).isNotEmpty();
    assertThat(Keys.loader().load(List.of(ConfigFile.of("routes/r.yml", document))).set()).isNull();
  }
}
