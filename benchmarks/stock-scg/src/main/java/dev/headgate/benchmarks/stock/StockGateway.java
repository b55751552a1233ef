package dev.headgate.benchmarks.stock;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
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
}
