/** Calls against the real server: errors, pages, repeated requests and the record. */
import { describe, expect } from "vitest";

import { type Client, email, isoTime, timestamp, v1 } from "../src/index.js";
import { collect } from "./salesd.js";
import { test } from "./workspace.js";

function capture(sales: Client, number: number) {
  return sales.captureLead({ contact: { identities: [email(`p${number}@example.com`)] } });
}

describe("errors", () => {
  test("what is not there is not found", async ({ sales }) => {
    const missed = sales.getLead({ name: sales.name("leads", "nobody") });
    await expect(missed).rejects.toMatchObject({ code: "NOT_FOUND", reason: "LEAD_NOT_FOUND" });
  });

  test("a refused move names every missing condition, and changes nothing", async ({ sales }) => {
    const { name = "" } = (await capture(sales, 1)).lead ?? {};
    const before = await sales.getLead({ name });
    await expect(sales.advanceLead({ name, stage: "start_of_work" })).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      reason: "GUARD_UNMET",
      missing: [
        { condition: "need_known", stage: "requirements" },
        { condition: "requirements_agreed", stage: "proposal" },
        { condition: "price_offered", stage: "start_of_work" },
      ],
    });
    expect((await sales.getLead({ name })).etag).toBe(before.etag);
  });

  test("a wrong field is named", async ({ sales }) => {
    await expect(sales.createChannel({ channelId: "Not An Id" })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      reason: "ID_INVALID",
      fields: [{ field: "channel_id" }],
    });
  });

  test("an id that is taken already exists", async ({ sales }) => {
    await sales.createChannel({ channelId: "ads" });
    const again = sales.createChannel({ channelId: "ads" });
    await expect(again).rejects.toMatchObject({ code: "ALREADY_EXISTS", reason: "CHANNEL_EXISTS" });
  });

  test("a stale etag is aborted", async ({ sales }) => {
    const { name = "", etag = "" } = (await capture(sales, 1)).lead ?? {};
    await sales.advanceLead({ name, stage: "contacted", overrideReason: "test", etag });
    const stale = sales.loseLead({ name, reason: "price", etag });
    await expect(stale).rejects.toMatchObject({ code: "ABORTED", reason: "ETAG_MISMATCH" });
  });
});

describe("lists", () => {
  test("give each item once over their pages", async ({ sales }) => {
    const captured = new Set<string | undefined>();
    for (let n = 0; n < 23; n++) captured.add((await capture(sales, n)).lead?.name);
    for (const pageSize of [1, 5, 23, 1000]) {
      const listed = await collect(sales.listLeads({ pageSize }));
      expect(listed).toHaveLength(23);
      expect(new Set(listed.map((lead) => lead.name))).toEqual(captured);
    }
  });

  test("number events without gaps", async ({ sales }) => {
    for (let n = 0; n < 10; n++) await capture(sales, n);
    const events = await collect(sales.listEvents({ pageSize: 3 }));
    const { revision } = await sales.getWorkspace({ name: sales.workspace });
    const numbers = Array.from({ length: Number(revision) }, (_, index) => BigInt(index + 1));
    expect([...new Set(events.map((event) => event.revision))]).toEqual(numbers);
  });
});

describe("requests", () => {
  test("an actor is kept in the event", async ({ sales }) => {
    await capture(sales.at({ actor: "boris" }), 1);
    expect((await collect(sales.listEvents())).at(-1)?.actor).toBe("boris");
  });

  test("repeated give the same answer and have one effect", async ({ sales }) => {
    const request = { contact: { displayName: "Ева" }, requestId: "once" };
    const first = await sales.captureLead(request);
    expect(await sales.captureLead(request)).toEqual(first);
    expect(await collect(sales.listLeads())).toHaveLength(1);
  });

  test("keep the microseconds of a time", async ({ sales }) => {
    const receiveTime = timestamp("2026-03-01T10:00:00.123456+01:00");
    const { lead } = await sales.captureLead({ contact: { displayName: "Eva" }, receiveTime });
    expect(lead?.receiveTime && isoTime(lead.receiveTime)).toBe("2026-03-01T09:00:00.123456Z");
  });
});

test("tallies are made anew", async ({ sales }) => {
  await capture(sales, 1);
  const progress = await collect(sales.rebuildTallies());
  expect(progress.at(-1)).toMatchObject({ done: true, countsMended: 0n });
});

test("a filtered watch gives only what is asked for", async ({ sales }) => {
  const types = [v1.EventType.CHANNEL_CREATED];
  await sales.createChannel({ channelId: "ads" });
  for await (const { events } of sales.watch(0n, { filter: { types } })) {
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(events.length ? types : []));
    if (events.some((event) => event.subject.endsWith("/ads"))) break;
  }
});
