import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import libsales.SalesClient;
import libsales.Values;
import sales.v1.ImportLeadsRequest;
import sales.v1.ImportLeadsResponse;

/**
 * Imports leads with their past; doing it again changes nothing.
 *
 * <p>Usage: ImportLeads [HOST:PORT] [WORKSPACE] &lt; FILE.csv (id,email,received,won,value)
 */
public final class ImportLeads {
  // [import]
  static ImportLeadsRequest row(String line) {
    String[] cells = line.split(",", -1);
    ImportLeadsRequest.Builder row =
        ImportLeadsRequest.newBuilder().setRow(Long.parseLong(cells[0]));
    row.getCaptureBuilder()
        .setReceiveTime(Values.timestamp(OffsetDateTime.parse(cells[2]).toInstant()))
        .getContactBuilder()
        .addIdentities(Values.email(cells[1]));
    row.getCaptureBuilder().getLeadBuilder().setExternalId(cells[0]);
    if (!cells[3].isEmpty()) {
      row.addStepsBuilder()
          .setOccurTime(Values.timestamp(OffsetDateTime.parse(cells[3]).toInstant()))
          .getWinBuilder()
          .setValue(Values.money(cells[4], "EUR"))
          .setOverrideReason("import");
    }
    return row.build();
  }

  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:8443";
    String workspace = args.length > 1 ? args[1] : "studio";
    BufferedReader csv =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Stream<ImportLeadsRequest> rows = csv.lines().skip(1).map(ImportLeads::row);
    try (SalesClient sales =
            SalesClient.to(target).workspace(workspace).actor("import").connect();
        Stream<ImportLeadsResponse> results = sales.importLeads(rows)) {
      results.forEach(
          result ->
              System.out.println(
                  result.getRow() + " " + result.getResult() + " " + result.getReason()));
    }
  }

  // [/import]

  private ImportLeads() {}
}
