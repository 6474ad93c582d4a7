import { inject, test as base } from "vitest";

import { type Client, connect } from "../src/index.js";
import { unique } from "./salesd.js";

/** A test that has a client of a new workspace on the shared server. */
export const test = base.extend<{ target: string; sales: Client }>({
  target: async ({}, use) => {
    await use(inject("target"));
  },
  sales: async ({ target }, use) => {
    const workspaceId = unique();
    await using sales = connect(target, { workspace: workspaceId, actor: "test" });
    await sales.createWorkspace({ workspaceId });
    await use(sales);
  },
});
