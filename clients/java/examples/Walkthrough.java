import java.time.LocalDate;
import libsales.SalesClient;
import libsales.SalesException;
import libsales.Values;
import sales.v1.Activity;
import sales.v1.AnswerProposalRequest;
import sales.v1.Arguments;
import sales.v1.CaptureLeadResponse;
import sales.v1.Contact;
import sales.v1.Lead;
import sales.v1.ReportFunnelResponse;
import sales.v1.Workspace;

/**
 * The life of a studio's leads: one is won, one is refused well and comes back as another.
 *
 * <p>Usage: Walkthrough [HOST:PORT] [WORKSPACE]
 */
public final class Walkthrough {
  public static void main(String[] args) {
    String target = args.length > 0 ? args[0] : "localhost:8443";
    String workspace = args.length > 1 ? args[1] : "walkthrough";
    try (SalesClient sales = SalesClient.to(target).workspace(workspace).actor("anna").connect()) {
      prepare(sales, workspace);
      win(sales);
      refuse(sales);
      report(sales);
    }
  }

  private static void prepare(SalesClient sales, String workspace) {
    say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.");
    sales.createWorkspace(
        request ->
            request
                .setWorkspaceId(workspace)
                .setWorkspace(
                    Workspace.newBuilder()
                        .setDisplayName("Studio")
                        .setCurrencyCode("EUR")
                        .setDefaultRegion("NL")));
    sales
        .getFunnelPolicy(request -> request.setName(sales.name("funnelPolicies", "web-studio")))
        .getStagesList()
        .forEach(
            stage ->
                print(stage.getKey() + (stage.getQualifying() ? " (work begins here)" : "")));

    say("A channel, two ways of using it, and what they cost.");
    sales.createChannel(
        request -> {
          request.setChannelId("ads");
          request.getChannelBuilder().setDisplayName("Contextual ads");
        });
    spend(sales, "brand", "120.00");
    spend(sales, "shops", "480.50");
  }

  private static void spend(SalesClient sales, String campaign, String amount) {
    sales.createCampaign(
        request -> request.setParent(sales.name("channels", "ads")).setCampaignId(campaign));
    sales.recordSpend(
        request ->
            request
                .setName(sales.name("channels", "ads", "campaigns", campaign))
                .setAmount(Values.money(amount, "EUR"))
                .setSpendDate(LocalDate.now().toString()));
  }

  private static void win(SalesClient sales) {
    say("Anyone who asks is a lead.");
    Contact ivan =
        Contact.newBuilder()
            .setDisplayName("Иван Петров")
            .addIdentities(Values.email("Ivan@Example.com"))
            .addIdentities(Values.phone("020 624 1111"))
            .build();
    Lead captured =
        sales
            .captureLead(
                request -> {
                  request.setContact(ivan);
                  request
                      .getLeadBuilder()
                      .setCampaign(sales.name("channels", "ads", "campaigns", "shops"))
                      .setChannel(sales.name("channels", "ads"))
                      .setNeed("an online shop")
                      .setExpectedValue(Values.money("9000", "EUR"))
                      .setInterest(70);
                })
            .getLead();
    String lead = captured.getName();
    print(lead + " is " + captured.getStage());

    say("Speed wins: he is answered, and the lead moves on.");
    call(sales, lead, "First call");
    sales.advanceLead(request -> request.setName(lead).setStage("contacted"));

    say("The qualifying stage cannot be had for nothing:");
    try {
      sales.advanceLead(request -> request.setName(lead).setStage("start_of_work"));
    } catch (SalesException refused) {
      refused
          .missing()
          .forEach(
              missing ->
                  print("missing " + missing.condition() + ", asked for by " + missing.stage()));
    }

    say("So: requirements, then a price, then work.");
    sales.advanceLead(request -> request.setName(lead).setStage("requirements"));
    sales.agreeRequirements(
        request -> request.setName(lead).setText("Catalogue, basket, payment; no warehouse"));
    sales.advanceLead(request -> request.setName(lead).setStage("proposal"));
    sales.sendProposal(
        request ->
            request
                .setName(lead)
                .setScope("Shop in eight weeks")
                .setPrice(Values.money("8600.00", "EUR"))
                .setValidUntilDate(LocalDate.now().plusDays(30).toString()));
    sales.advanceLead(request -> request.setName(lead).setStage("start_of_work"));
    sales.answerProposal(
        request ->
            request.setName(lead).setAnswer(AnswerProposalRequest.Answer.ANSWER_ACCEPTED));
    sales.advanceLead(request -> request.setName(lead).setStage("contract"));
    Lead won = sales.winLead(request -> request.setName(lead));
    print("won at " + Values.amount(won.getWonValue()) + " " + won.getWonValue().getCurrencyCode());
  }

  private static void refuse(SalesClient sales) {
    say("Refusing well: the price does not fit. A bare refusal is not accepted.");
    CaptureLeadResponse captured =
        sales.captureLead(
            request -> {
              request
                  .getContactBuilder()
                  .setDisplayName("Eva")
                  .addIdentities(Values.email("eva@example.com"));
              request
                  .getLeadBuilder()
                  .setChannel(sales.name("channels", "ads"))
                  .setNeed("a site for a bakery");
            });
    String lead = captured.getLead().getName();
    try {
      sales.declineLead(request -> request.setName(lead).setReason("price"));
    } catch (SalesException refused) {
      print(refused.reason());
    }
    String told = call(sales, lead, "We refuse");
    sales.declineLead(
        request ->
            request
                .setName(lead)
                .setReason("price")
                .setArguments(
                    Arguments.newBuilder()
                        .setBetter("We test with real buyers")
                        .setPrice("Two designers")
                        .setDiffer("No templates"))
                .setAlternatives("A site builder, and whom to ask")
                .setToldIn(told)
                .setMayKeepInTouch(true));

    say("Eva leaves content, and sends a friend: a refusal is a lead generator.");
    Lead friend =
        sales
            .captureLead(
                request -> {
                  request
                      .getContactBuilder()
                      .setDisplayName("Ada")
                      .addIdentities(Values.email("ada@example.com"));
                  request
                      .getLeadBuilder()
                      .setNeed("a booking system")
                      .setReferrer(captured.getContact().getName());
                })
            .getLead();
    print("channel " + friend.getChannel() + ", came out of " + friend.getReturnedFrom());

    say("Ada is not ready today. That is not never: she is put to nurture.");
    sales.nurtureLead(
        request ->
            request
                .setName(friend.getName())
                .setReason("next-season")
                .setWakeDate(LocalDate.now().plusDays(90).toString()));
  }

  private static void report(SalesClient sales) {
    say("Figures, each with its base.");
    ReportFunnelResponse funnel = sales.reportFunnel();
    funnel
        .getStagesList()
        .forEach(
            stage ->
                print(
                    stage.getStage()
                        + ": "
                        + stage.getReached()
                        + " of "
                        + stage.getReachedShare().getDenominator()));
    print(
        "won " + funnel.getOverallConversion().getNumerator() + " of " + funnel.getReceived());
    sales
        .reportChannels(request -> request.setIncludeCampaigns(true))
        .getRowsList()
        .forEach(
            row -> {
              String cost =
                  row.hasCostPerLead() ? Values.amount(row.getCostPerLead()).toString() : "-";
              print(row.getName() + ": " + row.getLeads() + " leads, " + cost + " each");
            });
  }

  /** Records a call to the client; gives the name of the activity. */
  private static String call(SalesClient sales, String lead, String text) {
    return sales
        .logActivity(
            request -> {
              request.setParent(lead);
              request
                  .getActivityBuilder()
                  .setKind(Activity.Kind.KIND_CALL)
                  .setDirection(Activity.Direction.DIRECTION_OUT)
                  .setText(text);
            })
        .getActivity()
        .getName();
  }

  private static void say(String line) {
    System.out.println("\n* " + line);
  }

  private static void print(String line) {
    System.out.println("    " + line);
  }

  private Walkthrough() {}
}
