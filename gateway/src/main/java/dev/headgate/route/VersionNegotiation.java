package dev.headgate.route;

import static dev.headgate.route.VersionReader.agreed;

import dev.headgate.exchange.VersionSource;
import dev.headgate.route.VersionOutcome.Reason;
import dev.headgate.route.VersionOutcome.Refused;
import dev.headgate.route.VersionOutcome.Said;
import dev.headgate.route.VersionOutcome.Selected;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the version of a route that serves a request. A pure function of what the request says in
 * its path, {@code Accept}, a field and the query; a choice that succeeds allocates nothing but a
 * walker for each line of {@code Accept}.
 *
 * <p>What any place says must be served: one that is not is {@link Reason#UNSUPPORTED}, whatever
 * the others say, since a version that was asked for is never quietly replaced by another. Places
 * that lead to one version agree, however each writes it; else there is a {@link Reason#CONFLICT}.
 * Where none says anything the default serves.
 *
 * <p>{@code Accept} is a list of preferences: of its ranges that name a version which is served the
 * one of the highest weight counts, and of equal weight the first. Ranges of weight 0, and those
 * that name no version, say nothing.
 *
 * @param <T> what the table holds for a version
 */
public final class VersionNegotiation<T> {
  private final VersionSources sources;
  private final VersionReader reader;
  private final List<String> ids;
  private final List<Entry<T>> entries;

  /** All that can come of a choice, by the version's position. */
  private final List<Map<VersionSource, Selected<T>>> selected = new ArrayList<>();

  private final int byDefault;

  /**
   * One version.
   *
   * @param id as the config writes it
   * @param value what the table holds for it
   */
  public record Entry<T>(String id, T value) {}

  /**
   * A negotiation over versions.
   *
   * @param entries in the config's order, all different in the scheme
   * @param defaultId one of them, or null where a version must be said
   * @throws IllegalArgumentException if the default is none of them
   */
  public VersionNegotiation(
      VersionSources sources,
      VersionScheme scheme,
      VersionMatch match,
      List<Entry<T>> entries,
      @Nullable String defaultId) {
    this.sources = sources;
    long[] keys = entries.stream().mapToLong(entry -> scheme.read(entry.id())).toArray();
    this.reader = new VersionReader(sources, scheme, new VersionTable(match, keys));
    this.entries = List.copyOf(entries);
    this.ids = entries.stream().map(Entry::id).toList();
    for (Entry<T> entry : entries) {
      Map<VersionSource, Selected<T>> bySource = new EnumMap<>(VersionSource.class);
      for (VersionSource source : VersionSource.values()) {
        bySource.put(source, new Selected<>(entry.id(), entry.value(), source));
      }
      selected.add(bySource);
    }
    this.byDefault = defaultId == null ? VersionReader.NOTHING : ids.indexOf(defaultId);
    if (defaultId != null && byDefault < 0) {
      throw Refusal.of(defaultId, "one of " + ids);
    }
  }

  /** Where a version may be said. */
  public VersionSources sources() {
    return sources;
  }

  /** All versions, in the config's order. */
  public List<Entry<T>> entries() {
    return entries;
  }

  /**
   * Chooses.
   *
   * @param path how the request's path matched, or null where it was not asked
   */
  public VersionOutcome<T> negotiate(@Nullable PathMatch path, RouteRequest request) {
    int inPath = reader.inPath(path, null);
    int inAccept = reader.inAccept(request, null);
    int inHeader = reader.inHeader(request, null);
    int inQuery = reader.inQuery(request, null);
    int chosen = agreed(agreed(inPath, inAccept), agreed(inHeader, inQuery));
    if (chosen >= 0) {
      return selected(chosen, first(inPath, inAccept, inHeader));
    }
    return chosen == VersionReader.NOTHING && byDefault >= 0
        ? selected(byDefault, VersionSource.DEFAULT)
        : refused(chosen, path, request);
  }

  private static VersionSource first(int inPath, int inAccept, int inHeader) {
    if (inPath >= 0) {
      return VersionSource.PATH;
    }
    if (inAccept >= 0) {
      return VersionSource.ACCEPT;
    }
    return inHeader >= 0 ? VersionSource.HEADER : VersionSource.QUERY;
  }

  /** The query without the version's parameter, byte for byte; null where nothing else is left. */
  public @Nullable String queryWithoutVersion(@Nullable String rawQuery) {
    String name = reader.query();
    return name == null || rawQuery == null ? rawQuery : RawQuery.without(rawQuery, name);
  }

  /**
   * A line of {@code Accept} without the version's parameter, and without ranges of weight 0 that
   * name another version; the same object where it has none, empty where nothing is left.
   *
   * @param id of the version that serves
   */
  public String acceptWithoutVersion(String line, String id) {
    return reader.forwarded(line, ids.indexOf(id));
  }

  private Selected<T> selected(int version, VersionSource source) {
    return Objects.requireNonNull(selected.get(version).get(source));
  }

  private Refused<T> refused(int why, @Nullable PathMatch path, RouteRequest request) {
    List<Said> said = new ArrayList<>();
    reader.inPath(path, said);
    reader.inAccept(request, said);
    reader.inHeader(request, said);
    reader.inQuery(request, said);
    if (why == VersionReader.CONFLICT) {
      return new Refused<>(Reason.CONFLICT, said, ids);
    }
    said.removeIf(Said::supported);
    return new Refused<>(
        why == VersionReader.UNKNOWN ? Reason.UNSUPPORTED : Reason.REQUIRED, said, ids);
  }
}
