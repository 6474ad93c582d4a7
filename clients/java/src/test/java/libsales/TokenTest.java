package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.function.Executable;
import sales.v1.Event;

/** A server that asks everyone for a token. */
class TokenTest {
  @TempDir Path folder;

  @Test
  void whoHasNoneIsRefused() {
    try (Salesd server = new Salesd(0, "--auth=required");
        SalesClient stranger = SalesClient.to(server.target()).connect()) {
      refused("CREDENTIALS_MISSING", () -> stranger.listWorkspaces().count());
    }
  }

  @Test
  void theTokenInTheFileSaysWhoCalls() throws Exception {
    Path file = folder.resolve("token");
    try (Salesd server = new Salesd(0, "--auth=required")) {
      Files.writeString(file, server.token("boss") + "\n");
      try (SalesClient sales =
          SalesClient.to(server.target()).workspace("studio").tokenFile(file).connect()) {
        sales.createWorkspace(request -> request.setWorkspaceId("studio"));
        Files.writeString(file, "sales_of-somebody-else");
        refused(
            "CREDENTIALS_INVALID",
            () -> sales.createChannel(request -> request.setChannelId("ads")));
        Files.writeString(file, server.token("anna"));
        sales.createChannel(request -> request.setChannelId("ads"));
        assertEquals(
            List.of("boss", "anna"),
            sales.listEvents().map(Event::getActor).distinct().toList());
      }
    }
  }

  private static void refused(String reason, Executable call) {
    SalesException refused = assertThrows(SalesException.class, call);
    assertEquals(Status.Code.UNAUTHENTICATED, refused.code());
    assertEquals(reason, refused.reason());
  }
}
