package dev.headgate.config;

/** The prose around the tables of {@link ConfigDocs}. */
final class ConfigDocsText {
  static final String HEAD =
      """
      # Configuration of upstreams and routes

      <!-- Generated from dev.headgate.config; the build fails when it is stale. Rewrite with:
           ./mvnw -q -pl gateway test -Dtest=GeneratedFilesTest -Dheadgate.regenerate=true -->

      Headgate reads every `*.yml` and `*.yaml` file below `upstreams/` and `routes/`, subfolders included; files and folders
      whose names begin with a dot are left out. Each folder may hold both kinds. A file may have several documents, and
      each document up to three keys: `upstreams`, `routes` and `defaults`.

      ```yaml
      # yaml-language-server: $schema=../schema/routes.schema.json
      upstreams:
        users:
          endpoints: [http://users-a:8080, {url: http://users-b:8080, weight: 2}]
      routes:
        users:
          match: {path: /users/**}
          upstream: users
      ```

      All files are one set. It is used as a whole or, if there is any error, not at all; all problems are reported together.

      - **Ids** are the keys under `upstreams` and `routes`: 1 to 100 letters, digits, dots, dashes and underscores, a letter
        or digit first. Each stands once in all files.
      - **Durations** are whole numbers with a unit: `ms`, `s`, `m`, `h`, `d`. Write `1500ms`, not `1.5s`.
      - **Sizes** likewise: `B`, `KiB`, `MiB`, `GiB`, or decimal `KB`, `MB`, `GB`.
      - **Percentages** have a `%` and up to two decimals.
      - **Text** is taken as written, quoted or not: `NO`, `1.10` and `010` stay what they are. Numbers and booleans are not
        quoted; a boolean is `true` or `false`.
      - **Anchors, aliases and merge keys** (`<<`) work within a document. Tags do not.
      - **Limits**: 16 MiB a file, 64 MiB a set, 1,000,000 keys and values a file (those behind aliases count each time), 50
        levels.

      ## Shared defaults

      `defaults` says once what holds for every route or upstream. It may stand in any file, once for each kind:

      ```yaml
      defaults:
        route:
          timeout: {total: 5s}
        upstream:
          connect-timeout: 250ms
      ```

      `defaults.route` takes every key of a route but `match`, `upstream`, `redirect` and `respond`; `defaults.upstream` every
      key of an upstream but `endpoints`. Objects are merged key by key, so a route that says `timeout: {per-try: 1s}` keeps the
      shared total; lists and plain values are replaced, and of keys that exclude each other the route's own counts.
      """;

  static final String ROUTES = "A route has exactly one of `upstream`, `redirect` and `respond`.\n";

  static final String AFTER_DEFAULTS =
      """
      Outlier ejection, health checks, slow start, hedging and fallbacks are off unless written. What is retried, and when it is
      safe, is in docs/resilience.md.
      """;

  static final String DEFAULTS = "What holds where nothing is written.\n";

  static final String PROBLEMS =
      """
      `headgate check` prints each as `file:line:column: CODE message`. Errors keep the set from being used; warnings do not.
      """;

  private ConfigDocsText() {}
}
