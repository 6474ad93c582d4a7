import libsales.SalesClient;
import libsales.Values;
import sales.v1.ReportChannelsResponse;
import sales.v1.ReportFunnelResponse;

/**
 * Prints how far leads got, and what each channel brought.
 *
 * <p>Usage: Report [HOST:PORT] [WORKSPACE]
 */
public final class Report {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:8443";
    String workspace = args.length > 1 ? args[1] : "studio";
    // [report]
    try (SalesClient sales = SalesClient.to(target).workspace(workspace).connect()) {
      ReportFunnelResponse funnel = sales.reportFunnel();
      funnel
          .getStagesList()
          .forEach(
              stage -> {
                var step = stage.getStepConversion();
                System.out.printf(
                    "%-20s%8d  %d of %d go on (95 %%: %.3f to %.3f)%n",
                    stage.getStage(),
                    stage.getReached(),
                    step.getNumerator(),
                    step.getDenominator(),
                    step.getLow(),
                    step.getHigh());
              });
      ReportChannelsResponse channels = sales.reportChannels();
      channels
          .getRowsList()
          .forEach(
              row ->
                  System.out.printf(
                      "%-40s%8d leads %6d won %14s%n",
                      row.getName(), row.getLeads(), row.getWon(), Values.amount(row.getRevenue())));
    }
    // [/report]
  }

  private Report() {}
}
