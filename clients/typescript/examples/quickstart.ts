/**
 * Captures a request, and is told what is missing before work may begin.
 *
 * Usage: node quickstart.js [HOST:PORT]
 */
// [quickstart]
import { connect, email, SalesError } from "libsales";

const target = process.argv[2] ?? "localhost:8443";
await using sales = connect(target, { workspace: "studio", actor: "anna" });
await sales.createWorkspace({ workspaceId: "studio" });
const { lead } = await sales.captureLead({
  contact: { displayName: "Иван Петров", identities: [email("ivan@example.com")] },
  lead: { need: "an online shop" },
});
try {
  await sales.advanceLead({ name: lead?.name, stage: "start_of_work" });
} catch (refused) {
  if (!(refused instanceof SalesError && refused.reason === "GUARD_UNMET")) throw refused;
  console.log("not yet:", ...refused.missing.map(({ condition }) => condition));
}
// [/quickstart]
