package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections to the real server, with an authority made for the test. */
class TransportTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeCertificates() throws Exception {
    authority("ca");
    authority("stranger");
    certificate("server", "ca", "subjectAltName=IP:127.0.0.1,DNS:localhost");
    certificate("client", "ca", "extendedKeyUsage=clientAuth");
  }

  @Test
  void aServerOfATrustedAuthorityIsCalled() {
    try (Salesd server = encrypted();
        SalesClient sales = SalesClient.to(server.target()).caFile(file("ca.crt")).connect()) {
      assertEquals(0, sales.listWorkspaces().count());
    }
  }

  @Test
  void aServerOfAStrangerIsNot() {
    try (Salesd server = encrypted();
        SalesClient sales =
            SalesClient.to(server.target()).caFile(file("stranger.crt")).connect()) {
      SalesException refused =
          assertThrows(SalesException.class, () -> sales.listWorkspaces().count());
      assertEquals(Status.Code.UNAVAILABLE, refused.code());
    }
  }

  @Test
  void aServerMayAskForACertificate() {
    try (Salesd server = encrypted("--tls-client-ca-file=" + file("ca.crt"));
        SalesClient nobody = SalesClient.to(server.target()).caFile(file("ca.crt")).connect();
        SalesClient known =
            SalesClient.to(server.target())
                .caFile(file("ca.crt"))
                .clientCertificate(file("client.crt"), file("client.key"))
                .connect()) {
      assertEquals(0, known.listWorkspaces().count());
      assertThrows(SalesException.class, () -> nobody.listWorkspaces().count());
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    SalesClient.Builder builder = SalesClient.to("localhost:1").caFile(file("none.crt"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, builder::connect);
    assertTrue(refused.getMessage().contains("none.crt"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:8443", "127.0.0.1:1", "127.1.2.3", "[::1]:8443", "dns:///localhost:1"})
  void aTokenMayGoToThisMachineInTheClear(String target) {
    SalesClient.to(target).tokenFile(file("token")).connect().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sales.example.com:443", "10.0.0.1:1", "localhost.example.com", "dns:///sales:1",
        "127.0.0.1.example.com:1"
      })
  void aTokenDoesNotGoOverANetworkInTheClear(String target) {
    SalesClient.Builder builder = SalesClient.to(target).tokenFile(file("token"));
    assertThrows(IllegalArgumentException.class, builder::connect);
    builder.tls().connect().close();
    assertFalse(Transport.isThisMachine(target));
  }

  private static Salesd encrypted(String... more) {
    List<String> flags =
        List.of(
            "--tls-cert-file=" + file("server.crt"), "--tls-key-file=" + file("server.key"));
    return new Salesd(
        0,
        java.util.stream.Stream.concat(flags.stream(), java.util.Arrays.stream(more))
            .toArray(String[]::new));
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  private static void authority(String name) throws Exception {
    openssl(
        ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name)
            + (" -keyout " + name + ".key -out " + name + ".crt"));
  }

  private static void certificate(String name, String authority, String extension)
      throws Exception {
    openssl(
        ("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name)
            + (" -keyout " + name + ".key -out " + name + ".csr"));
    Files.writeString(file(name + ".ext"), extension + "\n");
    openssl(
        ("x509 -req -days 2 -CAcreateserial -in " + name + ".csr -out " + name + ".crt")
            + (" -CA " + authority + ".crt -CAkey " + authority + ".key -extfile " + name + ".ext"));
  }

  private static void openssl(String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), printed);
  }
}
