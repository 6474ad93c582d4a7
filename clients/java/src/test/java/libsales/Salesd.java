package libsales;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The real salesd on a store of its own; it may be killed and started again on the same port. */
final class Salesd implements AutoCloseable {
  static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent().getParent();

  private static final Duration START_MAX = Duration.ofSeconds(30);
  private static final Pattern SERVING = Pattern.compile("\"message\":\"serving\".*\"port\":(\\d+)");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static Salesd shared;

  private final Path folder;
  private final List<String> flags;
  private int port;
  private int start;
  private Process process;

  Salesd(int port, String... flags) {
    try {
      folder = Files.createTempDirectory("salesd");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    this.port = port;
    this.flags = List.of(flags);
    run("migrate", List.of());
    Assertions.assertEquals(0, waitForEnd());
    start();
  }

  /** Gives a server that all tests share, each in its own workspace. */
  static synchronized Salesd shared() {
    if (shared == null) {
      shared = new Salesd(0);
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /** Gives an id that no other test of this run has. */
  static String unique() {
    return "w-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();
  }

  /**
   * Gives a port to come back to after a kill. It is below those that the kernel gives to
   * connections: a client that looks for a dead server on one of those may be connected with
   * itself, and so take the port away.
   */
  static int lastingPort() {
    Random random = new Random();
    while (true) {
      int port = random.nextInt(15_000, 30_000);
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
      } catch (IOException free) {
        return port;
      }
    }
  }

  String target() {
    return "127.0.0.1:" + port;
  }

  /** Connects to a new workspace. */
  SalesClient connect() {
    String workspace = unique();
    SalesClient sales = SalesClient.to(target()).workspace(workspace).actor("test").connect();
    sales.createWorkspace(request -> request.setWorkspaceId(workspace));
    return sales;
  }

  /** Makes the token of an owner, as {@code salesd token} prints it once. */
  String token(String actor) {
    try {
      Process making =
          new ProcessBuilder(
                  program().toString(), "token", store(), "--role=owner", "--actor=" + actor)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String printed = new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Assertions.assertEquals(0, making.waitFor());
      return printed.strip();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Kills the server as a power cut would. */
  void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /** Starts the server, and waits until it says on which port it listens. */
  void start() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--listen=127.0.0.1:" + port,
                "--admin-listen=127.0.0.1:0",
                "--lame-duck-seconds=0",
                // What a test records is all that is recorded.
                "--sweep-seconds=0",
                "--webhook-key-file=" + REPOSITORY.resolve("tests/scenarios/webhook.key")));
    arguments.addAll(flags);
    run("serve", arguments);
    Instant late = Instant.now().plus(START_MAX);
    while (process.isAlive() && Instant.now().isBefore(late)) {
      Matcher serving = SERVING.matcher(log());
      if (serving.find()) {
        port = Integer.parseInt(serving.group(1));
        return;
      }
      pause(5);
    }
    Assertions.fail("salesd did not start:\n" + log());
  }

  /** Asks the server to finish. */
  @Override
  public void close() {
    process.destroy();
    waitForEnd();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private void run(String command, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(program().toString());
    words.add(command);
    words.add(store());
    words.addAll(arguments);
    start++;
    try {
      process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(logFile().toFile())
              .start();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private String store() {
    return "--store=sqlite:" + folder.resolve("sales.db");
  }

  private Path logFile() {
    // Where the environment says, to be looked through, or beside the store.
    String kept = System.getenv("SALESD_LOGS");
    return kept == null
        ? folder.resolve("salesd-" + start + ".log")
        : Path.of(kept).resolve("java-" + folder.getFileName() + "-" + start + ".log");
  }

  private String log() {
    try {
      return Files.readString(logFile());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private int waitForEnd() {
    try {
      Assertions.assertTrue(process.waitFor(30, TimeUnit.SECONDS), "salesd does not end");
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Gives the program that SALESD names, or the one that was built. */
  private static Path program() {
    Path program =
        Optional.ofNullable(System.getenv("SALESD"))
            .map(Path::of)
            .orElse(REPOSITORY.resolve("build/release/service/salesd"));
    if (!Files.isExecutable(program)) {
      String reason = "salesd is not built: build it, or name it in SALESD";
      Assertions.assertNotEquals("true", System.getenv("CI"), reason);
      Assumptions.abort(reason);
    }
    return program;
  }
}
