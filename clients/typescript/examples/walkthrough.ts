/**
 * The life of a studio's leads: one is won, one is refused well and comes back as another.
 *
 * Usage: node walkthrough.js [HOST:PORT] [WORKSPACE]
 */
import { amount, type Client, connect, email, money, phone, SalesError, v1 } from "libsales";

function say(line: string): void {
  console.log(`\n* ${line}`);
}

/** The day, ISO 8601, that is so many days from today. */
function day(later = 0): string {
  return new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10);
}

/** What a refused call says; another error is not for us. */
async function refusal(call: Promise<unknown>): Promise<SalesError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof SalesError && error.reason) return error;
    throw error;
  }
  throw new Error("it was allowed");
}

async function prepare(sales: Client, workspaceId: string): Promise<void> {
  say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.");
  await sales.createWorkspace({
    workspaceId,
    workspace: { displayName: "Studio", currencyCode: "EUR", defaultRegion: "NL" },
  });
  const name = sales.name("funnelPolicies", "web-studio");
  for (const { key, qualifying } of (await sales.getFunnelPolicy({ name })).stages) {
    console.log(`    ${key}${qualifying ? " (work begins here)" : ""}`);
  }

  say("A channel, two ways of using it, and what they cost.");
  await sales.createChannel({ channelId: "ads", channel: { displayName: "Contextual ads" } });
  for (const [campaignId, spent] of [
    ["brand", "120.00"],
    ["shops", "480.50"],
  ] as const) {
    await sales.createCampaign({ parent: sales.name("channels", "ads"), campaignId });
    await sales.recordSpend({
      name: sales.name("channels", "ads", "campaigns", campaignId),
      amount: money(spent, "EUR"),
      spendDate: day(),
    });
  }
}

async function win(sales: Client): Promise<void> {
  say("Anyone who asks is a lead.");
  const captured = await sales.captureLead({
    contact: {
      displayName: "Иван Петров",
      identities: [email("Ivan@Example.com"), phone("020 624 1111")],
    },
    lead: {
      campaign: sales.name("channels", "ads", "campaigns", "shops"),
      channel: sales.name("channels", "ads"),
      need: "an online shop",
      expectedValue: money("9000", "EUR"),
      interest: 70,
    },
  });
  const { name = "", stage } = captured.lead ?? {};
  console.log(`    ${name} is ${stage}`);

  say("Speed wins: he is answered, and the lead moves on.");
  await sales.logActivity({
    parent: name,
    activity: {
      kind: v1.Activity_Kind.CALL,
      direction: v1.Activity_Direction.OUT,
      text: "First call",
    },
  });
  await sales.advanceLead({ name, stage: "contacted" });

  say("The qualifying stage cannot be had for nothing:");
  const early = await refusal(sales.advanceLead({ name, stage: "start_of_work" }));
  for (const missing of early.missing) {
    console.log(`    missing ${missing.condition}, asked for by ${missing.stage}`);
  }

  say("So: requirements, then a price, then work.");
  await sales.advanceLead({ name, stage: "requirements" });
  await sales.agreeRequirements({ name, text: "Catalogue, basket, payment; no warehouse" });
  await sales.advanceLead({ name, stage: "proposal" });
  await sales.sendProposal({
    name,
    scope: "Shop in eight weeks",
    price: money("8600.00", "EUR"),
    validUntilDate: day(30),
  });
  await sales.advanceLead({ name, stage: "start_of_work" });
  await sales.answerProposal({ name, answer: v1.AnswerProposalRequest_Answer.ACCEPTED });
  await sales.advanceLead({ name, stage: "contract" });
  const { wonValue } = await sales.winLead({ name });
  if (wonValue) console.log(`    won at ${amount(wonValue)} ${wonValue.currencyCode}`);
}

async function refuse(sales: Client): Promise<void> {
  say("Refusing well: the price does not fit. A bare refusal is not accepted.");
  const captured = await sales.captureLead({
    contact: { displayName: "Eva", identities: [email("eva@example.com")] },
    lead: { channel: sales.name("channels", "ads"), need: "a site for a bakery" },
  });
  const { name = "" } = captured.lead ?? {};
  const bare = await refusal(sales.declineLead({ name, reason: "price" }));
  console.log(`    ${bare.reason}`);
  const told = await sales.logActivity({
    parent: name,
    activity: {
      kind: v1.Activity_Kind.CALL,
      direction: v1.Activity_Direction.OUT,
      text: "We refuse",
    },
  });
  await sales.declineLead({
    name,
    reason: "price",
    arguments: {
      better: "We test with real buyers",
      price: "Two designers",
      differ: "No templates",
    },
    alternatives: "A site builder, and whom to ask",
    toldIn: told.activity?.name,
    mayKeepInTouch: true,
  });

  say("Eva leaves content, and sends a friend: a refusal is a lead generator.");
  const friend = await sales.captureLead({
    contact: { displayName: "Ada", identities: [email("ada@example.com")] },
    lead: { need: "a booking system", referrer: captured.contact?.name },
  });
  console.log(`    channel ${friend.lead?.channel}, came out of ${friend.lead?.returnedFrom}`);

  say("Ada is not ready today. That is not never: she is put to nurture.");
  await sales.nurtureLead({ name: friend.lead?.name, reason: "next-season", wakeDate: day(90) });
}

async function report(sales: Client): Promise<void> {
  say("Figures, each with its base.");
  const funnel = await sales.reportFunnel();
  for (const { stage, reached, reachedShare } of funnel.stages) {
    console.log(`    ${stage.padEnd(16)}${reached} of ${reachedShare?.denominator}`);
  }
  console.log(`    won ${funnel.overallConversion?.numerator} of ${funnel.received}`);
  const { rows } = await sales.reportChannels({ includeCampaigns: true });
  for (const { name, leads, costPerLead } of rows) {
    const channel = name.replace(/.*?\/channels\//, "");
    console.log(`    ${channel}: ${leads} leads, ${costPerLead ? amount(costPerLead) : "-"} each`);
  }
}

const [target = "localhost:8443", workspace = "walkthrough"] = process.argv.slice(2);
await using sales = connect(target, { workspace, actor: "anna" });
await prepare(sales, workspace);
await win(sales);
await refuse(sales);
await report(sales);
