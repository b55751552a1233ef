package dev.headgate.edge;

import dev.headgate.exchange.FailureReason;
import dev.headgate.exchange.GatewayExchange;
import dev.headgate.exchange.GatewayFailure;
import dev.headgate.exchange.GatewayFailure.Detail;
import dev.headgate.exchange.VersionSource;
import dev.headgate.policy.PolicyChain;
import dev.headgate.route.CompiledRoute;
import dev.headgate.route.CompiledVersion;
import dev.headgate.route.PathMatch;
import dev.headgate.route.PathRewrite;
import dev.headgate.route.VersionNegotiation;
import dev.headgate.route.VersionOutcome;
import dev.headgate.route.VersionOutcome.Reason;
import dev.headgate.route.VersionOutcome.Refused;
import dev.headgate.route.VersionOutcome.Said;
import dev.headgate.route.VersionOutcome.Selected;
import dev.headgate.route.VersionSources;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Requests to routes with versions, once it is known which one serves them, or that none does. */
final class VersionedRoutes {
  /** A query can say more than is worth saying back. */
  private static final int MOST_TOLD = 10;

  private VersionedRoutes() {}

  /**
   * The path to ask the service for: what the client asked for without the version, rewritten.
   *
   * @param asked the request's path, which for an asterisk is not what was matched
   */
  static String upstreamPath(@Nullable PathRewrite rewrite, PathMatch matched, String asked) {
    if (rewrite == null && !matched.versioned()) {
      return asked;
    }
    PathMatch match = matched.unversioned();
    if (rewrite != null) {
      return rewrite.apply(match);
    }
    return match.rawPath().isEmpty() ? "/" : match.rawPath();
  }

  /**
   * Notes the version, and takes what the client said of it out of what the service gets, since
   * that may know neither the parameter of the query nor that of {@code Accept}.
   */
  static void serve(
      GatewayExchange exchange,
      VersionNegotiation<CompiledVersion> versions,
      Selected<CompiledVersion> version) {
    exchange.record().version(version.id(), version.source());
    exchange.upstreamQuery(versions.queryWithoutVersion(exchange.upstreamQuery()));
    HttpHeaders headers = exchange.headers();
    if (versions.sources().acceptParameter() != null && hasParameters(headers)) {
      List<String> lines = new ArrayList<>();
      for (String line : headers.getAll(HttpHeaderNames.ACCEPT)) {
        String left = versions.acceptWithoutVersion(line, version.id());
        if (!left.isEmpty() || line.isEmpty()) {
          lines.add(left);
        }
      }
      headers.set(HttpHeaderNames.ACCEPT, lines);
    }
  }

  private static boolean hasParameters(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.ACCEPT)) {
      Iterator<String> lines = headers.valueStringIterator(HttpHeaderNames.ACCEPT);
      while (lines.hasNext()) {
        if (lines.next().indexOf('=') >= 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The chain of the version that a request inside an exchange of Spring's asks for, or the route's
   * own with the refusal at its end. Its path says nothing: stock routes have paths of their own.
   */
  static PolicyChain mounted(CompiledRoute route, GatewayExchange exchange) {
    VersionNegotiation<CompiledVersion> versions = route.versions();
    if (versions == null) {
      return route.chain();
    }
    VersionOutcome<CompiledVersion> outcome =
        versions.negotiate(null, new EdgeRouteRequest(exchange.request(), exchange.headers()));
    if (outcome instanceof Selected<CompiledVersion> selected) {
      serve(exchange, versions, selected);
      return selected.value().chain();
    }
    return refusing(route, versions, (Refused<CompiledVersion>) outcome);
  }

  /** The policies of the route, so that refusals have an id, a log line and CORS like the rest. */
  static PolicyChain refusing(
      CompiledRoute route,
      VersionNegotiation<CompiledVersion> versions,
      Refused<CompiledVersion> refused) {
    GatewayFailure failure = failure(refused, versions.sources());
    return route.chain().endingIn(exchange -> Mono.error(failure));
  }

  private static GatewayFailure failure(Refused<?> refused, VersionSources sources) {
    String supported = "supported: " + String.join(", ", refused.supported());
    List<Detail> details = new ArrayList<>();
    if (refused.reason() == Reason.REQUIRED) {
      for (VersionSource source : VersionSource.values()) {
        if (mayBeSaid(source, sources)) {
          details.add(new Detail(place(source, sources), supported));
        }
      }
      return GatewayFailure.of(FailureReason.VERSION_REQUIRED, details);
    }
    boolean conflict = refused.reason() == Reason.CONFLICT;
    for (Said said : refused.said().stream().distinct().limit(MOST_TOLD).toList()) {
      String asked = "asks for \"" + said.text() + "\"";
      details.add(
          new Detail(place(said.source(), sources), conflict ? asked : asked + "; " + supported));
    }
    if (conflict) {
      return GatewayFailure.of(FailureReason.VERSION_CONFLICT, details);
    }
    GatewayFailure unsupported = GatewayFailure.of(FailureReason.UNSUPPORTED_VERSION, details);
    // RFC 9110 section 15.5.7: what is asked for by Accept alone is not acceptable.
    return refused.said().stream().allMatch(said -> said.source() == VersionSource.ACCEPT)
        ? unsupported.withStatus(406)
        : unsupported;
  }

  private static boolean mayBeSaid(VersionSource source, VersionSources sources) {
    return switch (source) {
      case PATH -> sources.path();
      case ACCEPT -> sources.acceptParameter() != null;
      case HEADER -> sources.header() != null;
      case QUERY -> sources.query() != null;
      case DEFAULT -> false;
    };
  }

  private static String place(VersionSource source, VersionSources sources) {
    return switch (source) {
      case ACCEPT -> "Accept parameter " + sources.acceptParameter();
      case HEADER -> "header " + sources.header();
      case QUERY -> "query parameter " + sources.query();
      case PATH, DEFAULT -> "path";
    };
  }
}
