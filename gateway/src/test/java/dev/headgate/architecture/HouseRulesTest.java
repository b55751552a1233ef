package dev.headgate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HouseRulesTest {
  private static final String ROOT = "dev.headgate";
  private static final JavaClasses GATEWAY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @ParameterizedTest
  @EnumSource
  void holdsInTheGateway(HouseRule rule) {
    rule.in(ROOT).check(GATEWAY);
  }

  @ParameterizedTest
  @EnumSource
  void bitesOnItsBreach(HouseRule rule) {
    String root =
        ROOT + ".architecture.violations." + rule.name().toLowerCase(Locale.ROOT).replace("_", "");
    JavaClasses breach = new ClassFileImporter().importPackages(root);

    assertThat(breach).as("classes in %s", root).isNotEmpty();
    assertThat(rule.in(root).evaluate(breach).getFailureReport().getDetails()).isNotEmpty();
  }
}
