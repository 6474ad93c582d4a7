/** What leaves a server whole: a workspace that moves, and a copy of the store. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import { SalesError } from "../src/index.js";
import { collect, Salesd } from "./salesd.js";
import { test } from "./workspace.js";

test("a workspace moves to another server, with all that is recorded", async ({ sales }) => {
  await sales.captureLead({ contact: { displayName: "Иван Петров" }, lead: { need: "a shop" } });
  const elsewhere = await new Salesd().start();
  await using moved = elsewhere.connect(sales.workspace.replace("workspaces/", ""));
  await moved.importWorkspace(sales.exportWorkspace());
  expect(await collect(moved.listEvents())).toEqual(await collect(sales.listEvents()));
  expect(await collect(moved.listLeads())).toEqual(await collect(sales.listLeads()));
  await expect(moved.importWorkspace(sales.exportWorkspace())).rejects.toBeInstanceOf(SalesError);
  expect(await elsewhere.stop()).toBe(0);
});

test("a backup is a store by itself", async ({ sales }) => {
  await sales.captureLead({ contact: { displayName: "Eva" } });
  const parts = await collect(sales.backupStore());
  const file = Buffer.concat(parts.map(({ data }) => data));
  const digest = createHash("sha256").update(file).digest("hex");
  expect(parts.at(-1)).toMatchObject({ sizeBytes: BigInt(file.length), sha256: digest });
  const restored = new Salesd();
  writeFileSync(join(restored.folder, "sales.db"), file);
  await restored.start();
  await using copy = restored.connect(sales.workspace.replace("workspaces/", ""));
  expect(await collect(copy.listLeads())).toEqual(await collect(sales.listLeads()));
  expect(await restored.stop()).toBe(0);
});
