// [quickstart]
import libsales.SalesClient;
import libsales.SalesException;
import libsales.Values;
import sales.v1.CaptureLeadResponse;

/** Captures a request, and is told what is missing before work may begin. */
public final class Quickstart {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:8443";
    try (SalesClient sales = SalesClient.to(target).workspace("studio").actor("anna").connect()) {
      sales.createWorkspace(request -> request.setWorkspaceId("studio"));
      CaptureLeadResponse captured =
          sales.captureLead(
              request -> {
                request
                    .getContactBuilder()
                    .setDisplayName("Иван Петров")
                    .addIdentities(Values.email("ivan@example.com"));
                request.getLeadBuilder().setNeed("an online shop");
              });
      try {
        sales.advanceLead(
            request -> request.setName(captured.getLead().getName()).setStage("start_of_work"));
      } catch (SalesException refused) {
        refused.missing().forEach(missing -> System.out.println("not yet: " + missing.condition()));
      }
    }
  }

  private Quickstart() {}
}
// [/quickstart]
