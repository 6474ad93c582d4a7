/**
 * Imports leads with their past; doing it again changes nothing.
 *
 * Usage: node import_leads.js [HOST:PORT] [WORKSPACE] < FILE.csv    (id,email,received,won,value)
 */
import { createInterface } from "node:readline/promises";

import { create } from "@bufbuild/protobuf";
import { connect, email, money, timestamp, v1 } from "libsales";

const [target = "localhost:8443", workspace = "studio"] = process.argv.slice(2);

// [import]
async function* rows(): AsyncGenerator<v1.ImportLeadsRequest> {
  let number = 0n;
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1n;
    const [id, address = "", received = "", won, value = ""] = line.split(",");
    if (id === "id") continue;
    const row = create(v1.ImportLeadsRequestSchema, {
      row: number,
      capture: {
        lead: { externalId: id },
        contact: { identities: [email(address)] },
        receiveTime: timestamp(received),
      },
    });
    if (won) {
      const win = { value: money(value, "EUR"), overrideReason: "import" };
      row.steps.push(
        create(v1.ImportStepSchema, {
          occurTime: timestamp(won),
          step: { case: "win", value: create(v1.WinLeadRequestSchema, win) },
        }),
      );
    }
    yield row;
  }
}

await using sales = connect(target, { workspace, actor: "import" });
for await (const { row, result, reason } of sales.importLeads(rows())) {
  console.log(row, v1.ImportLeadsResponse_Result[result], reason);
}
// [/import]
