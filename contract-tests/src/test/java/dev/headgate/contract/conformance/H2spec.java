package dev.headgate.contract.conformance;

import dev.headgate.contract.harness.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The HTTP/2 conformance tests of h2spec 2.2.0, from the artefact that carries its binaries. */
final class H2spec {
  private static final String VERSION = "2.2.0";

  private H2spec() {}

  /**
   * All cases, the strict ones included, against a port of this machine.
   *
   * @return by {@code section: title}, what went wrong; empty where nothing did
   */
  static Map<String, String> run(int port, boolean tls) throws Exception {
    Path folder = Files.createTempDirectory("h2spec");
    Path report = folder.resolve("report.xml");
    List<String> command =
        new ArrayList<>(
            List.of(
                executable(folder).toString(),
                "--strict",
                "--timeout=2",
                "--port=" + port,
                "--junit-report=" + report));
    if (tls) {
      command.addAll(List.of("--tls", "--insecure"));
    }
    Commands.Result result = Commands.run(new ProcessBuilder(command));
    if (!Files.exists(report)) {
      throw new AssertionError("h2spec left no report: " + result);
    }
    return read(report);
  }

  private static Path executable(Path folder) throws Exception {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String platform = os.contains("linux") ? "linux" : os.contains("mac") ? "darwin" : "none";
    boolean amd64 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    Assumptions.assumeTrue(
        amd64 && !platform.equals("none"), "h2spec comes for Linux and macOS on amd64 only");
    String archive = "/h2spec/" + VERSION + "/h2spec_" + platform + "_amd64.tar.gz";
    try (InputStream in = H2spec.class.getResourceAsStream(archive)) {
      if (in == null) {
        throw new IOException("not on the class path: " + archive);
      }
      Files.copy(in, folder.resolve("h2spec.tar.gz"));
    }
    Commands.Result unpacked =
        Commands.run(new ProcessBuilder("tar", "xzf", "h2spec.tar.gz").directory(folder.toFile()));
    if (unpacked.exit() != 0) {
      throw new IOException(unpacked.toString());
    }
    return folder.resolve("h2spec");
  }

  private static Map<String, String> read(Path report) throws Exception {
    Map<String, String> outcomes = new LinkedHashMap<>();
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element one = (Element) cases.item(i);
      String name = one.getAttribute("package") + ": " + one.getAttribute("classname");
      boolean failed =
          one.getElementsByTagName("failure").getLength() > 0
              || one.getElementsByTagName("error").getLength() > 0;
      // One title stands twice.
      outcomes.put(
          outcomes.containsKey(name) ? name + " (2)" : name,
          failed ? one.getTextContent().strip() : "");
    }
    return outcomes;
  }
}
