package libsales;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples do what they say, each as a program of its own. */
@Timeout(60)
class ExamplesTest {
  @Test
  void theWalkthroughWinsOneAndRefusesOne() throws Exception {
    String printed = run("Walkthrough", Salesd.unique(), "");
    assertTrue(printed.contains("missing requirements_agreed, asked for by"), printed);
    assertTrue(printed.contains("won at 8600.00 EUR"), printed);
    assertTrue(printed.contains("ARGUMENTS_REQUIRED"), printed);
    assertTrue(printed.contains("channels/referral"), printed);
    assertTrue(printed.contains("won 1 of 3"), printed);
  }

  @Test
  void anImportIsReported() throws Exception {
    String rows =
        "id,email,received,won,value\n"
            + "1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,4900.50\n"
            + "2,ada@example.com,2026-03-02T10:00:00+01:00,,\n";
    String workspace;
    try (SalesClient sales = Salesd.shared().connect()) {
      workspace = sales.name().substring("workspaces/".length());
    }
    String[] first = run("ImportLeads", workspace, rows).split("\\s+");
    assertEquals(List.of("1", "RESULT_IMPORTED", "2", "RESULT_IMPORTED"), List.of(first));
    String[] again = run("ImportLeads", workspace, rows).split("\\s+");
    assertEquals(List.of("1", "RESULT_UNCHANGED", "2", "RESULT_UNCHANGED"), List.of(again));
    String report = run("Report", workspace, "");
    assertTrue(report.contains("1 of 2 go on"), report);
    assertTrue(report.contains("4900.50"), report);
  }

  @Test
  void aWatchPrintsWhatHappens() throws Exception {
    try (SalesClient sales = Salesd.shared().connect()) {
      Process watching =
          start("WatchEvents", sales.name().substring("workspaces/".length()));
      try (BufferedReader lines = watching.inputReader()) {
        assertTrue(lines.readLine().startsWith("1 EVENT_TYPE_WORKSPACE_CREATED"));
        sales.createChannel(request -> request.setChannelId("ads"));
        String line = lines.readLine();
        while (!(line.contains("EVENT_TYPE_CHANNEL_CREATED") && line.endsWith("ads"))) {
          line = lines.readLine();
          assertFalse(line == null);
        }
      } finally {
        watching.destroy();
      }
    }
  }

  private static Process start(String example, String workspace) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(List.of("-Dfile.encoding=UTF-8", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), example));
    words.addAll(List.of(Salesd.shared().target(), workspace));
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  private static String run(String example, String workspace, String input) throws Exception {
    Process process = start(example, workspace);
    process.outputWriter().append(input).close();
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), printed);
    return printed.strip();
  }
}
