package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar is taken into an empty project, from a repository that has nothing else of this tree. */
@Timeout(180)
class PackageIT {
  private static final String VERSION = System.getProperty("version");
  private static final Path HERE = Path.of("").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void anEmptyProjectRunsTheQuickstartWithTheJarAlone() throws Exception {
    Path repository = folder.resolve("repository");
    Path installed = repository.resolve("libsales/libsales-client/" + VERSION);
    Files.createDirectories(installed);
    String name = "libsales-client-" + VERSION;
    Files.copy(HERE.resolve("target/" + name + ".jar"), installed.resolve(name + ".jar"));
    Files.copy(HERE.resolve("pom.xml"), installed.resolve(name + ".pom"));
    Path sources = folder.resolve("consumer/src/main/java");
    Files.createDirectories(sources);
    Files.copy(HERE.resolve("src/it/consumer/pom.xml"), folder.resolve("consumer/pom.xml"));
    Files.copy(HERE.resolve("examples/Quickstart.java"), sources.resolve("Quickstart.java"));

    run(
        "mvn",
        "--batch-mode",
        "--quiet",
        "--settings=" + HERE.resolve("src/it/settings.xml"),
        "-Dmaven.repo.local=" + repository,
        "-Dlibsales.version=" + VERSION,
        "package");
    try (Salesd server = new Salesd(0)) {
      String printed = run("java", "-jar", "target/consumer.jar", server.target());
      assertTrue(printed.contains("not yet: requirements_agreed"), printed);
      assertTrue(printed.contains("not yet: price_offered"), printed);
    }
  }

  @Test
  void sourcesAndDocumentationComeWithIt() throws IOException {
    for (String kind : List.of("", "-sources", "-javadoc")) {
      assertTrue(
          Files.exists(HERE.resolve("target/libsales-client-" + VERSION + kind + ".jar")), kind);
    }
    try (Stream<Path> tree = Files.walk(HERE.resolve("target/reports/apidocs"))) {
      assertTrue(tree.anyMatch(page -> page.endsWith("SalesClient.html")));
    }
  }

  private String run(String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(folder.resolve("consumer").toFile()).redirectErrorStream(true);
    builder.environment().put("FETCHED", System.getProperty("localRepository"));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
