/** The client of browsers, from Node: through the real proxy, and through a fetch that fails. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { connect, SalesError, v1, type WebClient } from "../src/web.js";
import { Proxy } from "./browser.js";
import { collect, unique } from "./salesd.js";

let proxy: Proxy;

beforeAll(async () => {
  proxy = await Proxy.start(inject("target"));
});

afterAll(async () => {
  await proxy.stop();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function client(options: Parameters<typeof connect>[1] = {}): WebClient {
  return connect(`http://127.0.0.1:${proxy.port}`, { actor: "anna", ...options });
}

async function newWorkspace(): Promise<WebClient> {
  const workspaceId = unique("web");
  const sales = client({ workspace: workspaceId });
  await sales.createWorkspace({ workspaceId });
  return sales;
}

describe("through the proxy", () => {
  test("calls are answered, and say who calls", async () => {
    await using sales = await newWorkspace();
    for (const displayName of ["Eva", "Ada", "Ида"]) {
      await sales.captureLead({ contact: { displayName } });
    }
    const contacts = await collect(sales.listContacts({ pageSize: 2 }));
    expect(contacts.map(({ displayName }) => displayName).sort()).toEqual(["Ada", "Eva", "Ида"]);
    expect((await collect(sales.listEvents())).at(-1)?.actor).toBe("anna");
  });

  test("errors carry their details", async () => {
    await using sales = await newWorkspace();
    const { lead } = await sales.captureLead({ contact: { displayName: "Eva" } });
    const refused = sales.advanceLead({ name: lead?.name, stage: "start_of_work" });
    await expect(refused).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      reason: "GUARD_UNMET",
      missing: [{ stage: "requirements" }, { stage: "proposal" }, { stage: "start_of_work" }],
    });
    await expect(sales.createChannel({ channelId: "No Id" })).rejects.toMatchObject({
      reason: "ID_INVALID",
      fields: [{ field: "channel_id" }],
    });
  });

  test("a watch goes on, until it is left, given up or closed", async () => {
    const sales = await newWorkspace();
    const watch = sales.watch();
    expect((await watch.next()).value.events[0]?.type).toBe(v1.EventType.WORKSPACE_CREATED);
    await sales.createChannel({ channelId: "ads" });
    for await (const { events } of watch) {
      if (events.some(({ subject }) => subject.endsWith("/ads"))) break;
    }
    const controller = new AbortController();
    const { revision } = await sales.getWorkspace({ name: sales.workspace });
    const next = sales.watch(revision, { signal: controller.signal }).next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    const last = sales.watch(revision).next();
    sales.close();
    await expect(last).rejects.toThrow("the client is closed");
  });
});

describe("when the server is not reached", () => {
  /** Lets the first calls fail as a browser's do that reaches nobody; gives what was sent. */
  function failing(times: number): Uint8Array[] {
    const sent: Uint8Array[] = [];
    const reach = globalThis.fetch;
    vi.stubGlobal("fetch", async (...[url, init]: Parameters<typeof fetch>) => {
      sent.push(init?.body as Uint8Array);
      if (sent.length <= times) throw new TypeError("Failed to fetch");
      return reach(url, init);
    });
    return sent;
  }

  test("a call is retried as the same request", async () => {
    const workspaceId = unique("web");
    await using sales = client({ workspace: workspaceId });
    const sent = failing(2);
    await sales.createWorkspace({ workspaceId });
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(String)).size).toBe(1);
  });

  test("and not reached again, it is UNAVAILABLE", async () => {
    await using sales = client();
    const sent = failing(99);
    await expect(sales.getLead()).rejects.toMatchObject({ code: "UNAVAILABLE", reason: "" });
    expect(sent).toHaveLength(5);
  });

  test("for longer than its deadline, it is no more retried", async () => {
    await using sales = client({ timeoutMs: 1 });
    failing(99);
    await expect(sales.getLead()).rejects.toBeInstanceOf(SalesError);
  });
});

test("a token goes with each call, as it is then", async () => {
  const seen: (string | null)[] = [];
  vi.stubGlobal("fetch", (...[, init]: Parameters<typeof fetch>) => {
    seen.push(new Headers(init?.headers).get("authorization"));
    return Promise.reject(new Error("that is enough"));
  });
  let number = 0;
  await using sales = client({ token: () => `sales_${++number}` });
  for (let call = 0; call < 2; call++) await sales.getLead().catch(() => undefined);
  expect(seen).toEqual(["Bearer sales_1", "Bearer sales_2"]);
});
