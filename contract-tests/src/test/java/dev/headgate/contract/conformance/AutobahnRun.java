package dev.headgate.contract.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import me.normanmaurer.maven.autobahntestsuite.FuzzingCaseResult;

/**
 * Autobahn's fuzzing client, in a process of its own, since its event loop starts once only and its
 * reports go to the working directory.
 */
final class AutobahnRun {
  static final String RESULT = "RESULT ";

  private AutobahnRun() {}

  /** Arguments: the URL, and the cases to run between commas. */
  public static void main(String[] arguments) {
    List<FuzzingCaseResult> results =
        AutobahnTestSuite.runFuzzingClient(
            "headgate",
            arguments[0],
            Map.of("version", 18),
            Arrays.asList(arguments[1].split(",", -1)),
            List.of());
    for (FuzzingCaseResult result : results) {
      System.out.println(
          RESULT + result.caseName() + " " + result.behavior() + " " + result.behaviorClose());
    }
    System.exit(0);
  }
}
