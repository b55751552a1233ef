package dev.headgate.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * The package rules. Each is written against a root package, so that it can be held against the
 * gateway and against the breach of it in {@code violations}.
 */
enum HouseRule {
  /** A package that nobody planned is where things go that have no place. */
  PACKAGES_ARE_THOSE_OF_THE_DESIGN {
    @Override
    ArchRule in(String root) {
      return classes()
          .that()
          .resideOutsideOfPackage(root)
          .should()
          .resideInAnyPackage(
              under(
                  root,
                  "exchange",
                  "telemetry",
                  "redis",
                  "policy",
                  "upstream",
                  "bridge",
                  "route",
                  "config",
                  "reload",
                  "edge",
                  "admin",
                  "wiring",
                  "cli"));
    }
  },

  EVERY_PACKAGE_IS_NULL_MARKED {
    @Override
    ArchRule in(String root) {
      return classes().should(be(inANullMarkedPackage()));
    }
  },

  NO_CYCLES_BETWEEN_PACKAGES {
    @Override
    ArchRule in(String root) {
      return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }
  },

  SPRING_STAYS_AT_THE_RIM {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(andRoot(root, "cli", "edge", "admin", "wiring"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework..");
    }
  },

  /** But for the command line, which starts what is put together there. */
  NOBODY_IMPORTS_WIRING {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(under(root, "cli", "wiring"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(root + ".wiring..");
    }
  },

  NO_POLICY_KNOWS_ANOTHER {
    @Override
    ArchRule in(String root) {
      return slices().matching(root + ".policy.(*)..").should().notDependOnEachOther();
    }
  },

  /**
   * And what wiring puts together or hands to people: what a policy needs to be given, and asks.
   */
  A_POLICY_SHOWS_ITS_FACTORY_AND_ITS_CONFIG {
    @Override
    ArchRule in(String root) {
      DescribedPredicate<JavaClass> factory = assignableTo(root + ".policy.PolicyFactory");
      return classes()
          .that()
          .resideInAPackage(root + ".policy.*..")
          .and(describe("are public", HouseRule::isVisible))
          .should(
              be(
                  factory
                      .or(aRecord())
                      .or(INTERFACES)
                      .or(simpleName("IdempotencyStores"))
                      .or(simpleName("KeyAdmin"))
                      .or(simpleName("AnswerCache"))
                      .as("the policy's factory, its config record, or what it is given")));
    }
  },

  /** A compiled route holds its chain; beyond that a table is plain data. */
  ROUTE_IS_PURE {
    @Override
    ArchRule in(String root) {
      return classes()
          .that()
          .resideInAPackage(root + ".route..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(root + ".route..", "java..", "org.jspecify..")
                  .or(simpleName("PolicyChain"))
                  .or(simpleName("VersionSource"))
                  .as(
                      "are of route, java or jspecify, or are a chain, or say where a version was"));
    }
  },

  CONFIG_KNOWS_NO_FRAMEWORK {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideInAPackage(root + ".config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "reactor..", "org.springframework..");
    }
  },

  /** Another client of Redis, or another version of this one, changes one package. */
  LETTUCE_STAYS_IN_REDIS {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideOutsideOfPackage(root + ".redis..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");
    }
  },

  REDIS_STANDS_ALONE {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideInAPackage(root + ".redis..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(root + "..").and(resideOutsideOfPackages(root + ".redis..")));
    }
  },

  EXCHANGE_STANDS_ALONE {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideInAPackage(root + ".exchange..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(root + "..").and(resideOutsideOfPackages(root + ".exchange..")));
    }
  },

  THE_CHAIN_KNOWS_NO_SERVER {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideInAnyPackage(under(root, "exchange", "policy", "upstream", "route"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              root + ".edge..",
              "reactor.netty.http.server..",
              "org.springframework.cloud.gateway..");
    }
  },

  /** Config's values (records, enums and the interfaces that seal them) are for all to read. */
  UPSTREAM_LOADS_NO_CONFIG {
    @Override
    ArchRule in(String root) {
      DescribedPredicate<JavaClass> loading =
          resideInAPackage(root + ".config..").and(not(aRecord().or(anEnum()).or(INTERFACES)));
      return noClasses()
          .that()
          .resideInAPackage(root + ".upstream..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(under(root, "edge", "reload", "cli"))
                  .or(loading)
                  .as("are of edge, reload or the loading of config"));
    }
  },

  /**
   * Subscribing elsewhere loses the context and the cancellation; blocking stops an event loop. An
   * operator hands a Subscriber of its own up the chain, which loses neither.
   */
  ONLY_EDGE_AND_WIRING_SUBSCRIBE {
    private static final Set<String> ENDS =
        Set.of("subscribe", "block", "blockOptional", "blockFirst", "blockLast");

    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(under(root, "edge", "wiring"))
          .should()
          .accessTargetWhere(
              access(
                  "subscribes to a publisher or blocks on it",
                  a ->
                      ENDS.contains(a.getTarget().getName())
                          && !handsOnASubscriber(a)
                          && a.getTargetOwner().isAssignableTo(Publisher.class)));
    }
  },

  NOBODY_SLEEPS {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .should()
          .accessTargetWhere(
              access(
                  "sleeps",
                  a ->
                      a.getTarget().getName().equals("sleep")
                          && (a.getTargetOwner().isEquivalentTo(Thread.class)
                              || a.getTargetOwner().isEquivalentTo(TimeUnit.class))));
    }
  },

  THE_CONSOLE_BELONGS_TO_THE_COMMAND_LINE {
    @Override
    ArchRule in(String root) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(andRoot(root, "cli"))
          .should(ACCESS_STANDARD_STREAMS);
    }
  },

  NOBODY_USES_JAVA_UTIL_LOGGING {
    @Override
    ArchRule in(String root) {
      return noClasses().should(USE_JAVA_UTIL_LOGGING);
    }
  };

  abstract ArchRule in(String root);

  private static String[] under(String root, String... packages) {
    return Stream.of(packages).map(p -> root + "." + p + "..").toArray(String[]::new);
  }

  private static String[] andRoot(String root, String... packages) {
    return Stream.concat(Stream.of(root), Stream.of(under(root, packages))).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> aRecord() {
    return DescribedPredicate.describe("a record", JavaClass::isRecord);
  }

  private static DescribedPredicate<JavaClass> anEnum() {
    return DescribedPredicate.describe("an enum", JavaClass::isEnum);
  }

  private static DescribedPredicate<JavaClass> inANullMarkedPackage() {
    return DescribedPredicate.describe(
        "in a package whose package-info is @NullMarked",
        c -> c.getPackage().isAnnotatedWith(NullMarked.class));
  }

  private static boolean handsOnASubscriber(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.MethodCallTarget method
        && method.getRawParameterTypes().size() == 1
        && method.getRawParameterTypes().get(0).isAssignableTo(Subscriber.class);
  }

  private static DescribedPredicate<JavaAccess<?>> access(
      String what, Predicate<JavaAccess<?>> test) {
    return DescribedPredicate.describe(what, test);
  }

  // What stands in an interface is public by itself, and yet not seen where that is not.
  private static boolean isVisible(JavaClass one) {
    return one.getModifiers().contains(JavaModifier.PUBLIC)
        && one.getEnclosingClass().map(HouseRule::isVisible).orElse(true);
  }
}
