package dev.headgate.benchmarks.stock;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;

/**
 * Spring Cloud Gateway as it comes, with {@code stock.routes} routes of one path predicate and no
 * filters to {@code stock.upstream}.
 *
 * <p>With {@code stock.storm}, the URLs of a healthy service and of the one that is put under
 * stress, it has the routes of {@code benchmarks/storm} instead, with its own Retry and
 * CircuitBreaker filters.
 *
 * <p>The definitions are made here and not bound from YAML, which takes minutes at 10,000 routes;
 * the routes built from them, and so the path of a request, are the same.
 */
@SpringBootApplication
public class StockGateway {

  public static void main(String[] args) {
    SpringApplication.run(StockGateway.class, args);
  }

  @Bean
  RouteDefinitionLocator routeDefinitions(Environment environment) {
    String storm = environment.getProperty("stock.storm", "");
    if (!storm.isEmpty()) {
      List<RouteDefinition> routes = Storm.routes(storm.split(","));
      return () -> Flux.fromIterable(routes);
    }
    int count = environment.getRequiredProperty("stock.routes", Integer.class);
    URI upstream = environment.getRequiredProperty("stock.upstream", URI.class);
    List<RouteDefinition> definitions =
        IntStream.range(0, count).mapToObj(i -> definition(i, upstream)).toList();
    return () -> Flux.fromIterable(definitions);
  }

  private static RouteDefinition definition(int number, URI upstream) {
    RouteDefinition definition = new RouteDefinition();
    definition.setId("r" + number);
    definition.setUri(upstream);
    definition.setPredicates(List.of(new PredicateDefinition("Path=/r" + number + "/**")));
    return definition;
  }

  /** What {@code benchmarks/storm} asks of both gateways. */
  private static final class Storm {
    static List<RouteDefinition> routes(String[] services) {
      FilterDefinition retry =
          filter(
              "Retry",
              Map.of(
                  "retries", "2",
                  "statuses", "BAD_GATEWAY,SERVICE_UNAVAILABLE,GATEWAY_TIMEOUT",
                  "methods", "GET",
                  "backoff.firstBackoff", "25ms",
                  "backoff.maxBackoff", "250ms",
                  "backoff.factor", "2"));
      FilterDefinition breaker =
          filter("CircuitBreaker", Map.of("name", "victim", "statusCodes", "502,503,504"));
      return List.of(
          route("healthy", services[0], List.of(retry)),
          route("victim", services[1], List.of(retry, breaker)),
          route("retried", services[1], List.of(retry)));
    }

    private static RouteDefinition route(String id, String uri, List<FilterDefinition> filters) {
      RouteDefinition definition = new RouteDefinition();
      definition.setId(id);
      definition.setUri(URI.create(uri));
      definition.setPredicates(List.of(new PredicateDefinition("Path=/" + id + "/**")));
      definition.setFilters(filters);
      return definition;
    }

    private static FilterDefinition filter(String name, Map<String, String> args) {
      FilterDefinition definition = new FilterDefinition();
      definition.setName(name);
      definition.setArgs(args);
      return definition;
    }
  }
}
