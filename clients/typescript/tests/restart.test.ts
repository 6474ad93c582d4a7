/** A watch and an import outlive their server. */
import { setTimeout as sleep } from "node:timers/promises";

import { create } from "@bufbuild/protobuf";
import { describe, expect, test as base } from "vitest";

import { type Client, email, money, timestamp, v1 } from "../src/index.js";
import { collect, lastingPort, Salesd } from "./salesd.js";
import { test as shared } from "./workspace.js";

const KILLS = 4;
const ROWS = 4000;
const { IMPORTED, REJECTED, UNCHANGED } = v1.ImportLeadsResponse_Result;

/** A server that a test may kill, with a workspace in it. */
const test = base.extend<{ server: Salesd; sales: Client }>({
  server: async ({}, use) => {
    const server = await new Salesd(await lastingPort()).start();
    await use(server);
    expect(await server.stop()).toBe(0);
  },
  sales: async ({ server }, use) => {
    await using sales = server.connect("studio");
    await sales.createWorkspace({ workspaceId: "studio" });
    await use(sales);
  },
});

async function killAndStart(server: Salesd): Promise<void> {
  await server.kill();
  await sleep(50);
  await server.start();
}

/** Kills and starts it until it is told to stop, at most so often; gives how often. */
async function disturb(server: Salesd, signal: AbortSignal): Promise<number> {
  let kills = 0;
  for (; kills < KILLS && !signal.aborted; kills++) {
    await sleep(50 + Math.random() * 150);
    await killAndStart(server);
  }
  return kills;
}

/** Captures leads one after another until it is told to stop; each is repeated until answered. */
async function capture(sales: Client, signal: AbortSignal): Promise<Set<string>> {
  const captured = new Set<string>();
  for (let number = 0; !signal.aborted;) {
    const requestId = `capture-${number}`;
    const answer = await sales
      .captureLead({ contact: { displayName: `Client ${number}` }, requestId })
      .catch(() => undefined);
    if (!answer?.lead) continue;
    captured.add(answer.lead.name);
    number += 1;
  }
  return captured;
}

/** Collects batches up to a revision, on a connection that is given up and made anew at random. */
async function watchTo(server: Salesd, end: { revision: bigint }, fickle: boolean) {
  const batches: v1.WatchEventsResponse[] = [];
  let revision = 0n;
  while (revision < end.revision) {
    await using sales = server.connect("studio");
    for await (const batch of sales.watch(revision)) {
      batches.push(batch);
      ({ revision } = batch);
      if (revision >= end.revision || (fickle && Math.random() < 0.2)) break;
    }
  }
  return batches;
}

test("a watch misses and repeats nothing while the server is killed", async ({ server, sales }) => {
  const stop = new AbortController();
  const captured = capture(sales, stop.signal);
  const end = { revision: BigInt(Number.MAX_SAFE_INTEGER) };
  const watches = [watchTo(server, end, false), watchTo(server, end, true)];
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(100 + Math.random() * 300);
    await killAndStart(server);
  }
  await sleep(200);
  stop.abort();
  const leads = await captured;
  // The last write, which each watch is still to see.
  end.revision = (await sales.getWorkspace({ name: sales.workspace })).revision + 1n;
  await sales.createChannel({ channelId: "last" });

  const recorded = await collect(sales.listEvents({ pageSize: 1000 }));
  for (const batches of await Promise.all(watches)) {
    let seen = 0n;
    for (const { events, revision } of batches) {
      expect(revision).toBeGreaterThan(seen);
      for (const event of events) {
        expect(event.revision).toBeGreaterThan(seen);
        expect(event.revision).toBeLessThanOrEqual(revision);
      }
      seen = revision;
    }
    expect(batches.flatMap(({ events }) => events)).toEqual(recorded);
  }
  const recordedLeads = recorded.filter(({ type }) => type === v1.EventType.LEAD_CAPTURED);
  expect(recordedLeads).toHaveLength(leads.size);
  expect(new Set(recordedLeads.map(({ lead }) => lead))).toEqual(leads);
});

function row(number: number): v1.ImportLeadsRequest {
  const received = Date.UTC(2025, 0, 1) + number * 3_600_000;
  const win = { value: money(`${100 + number}`, "EUR"), overrideReason: "import" };
  return create(v1.ImportLeadsRequestSchema, {
    row: BigInt(number),
    capture: {
      lead: { externalId: `row-${number}`, need: "a site" },
      contact: { identities: [email(`row${number}@example.com`)] },
      receiveTime: timestamp(new Date(received)),
    },
    steps:
      number % 5 === 0
        ? [
            {
              occurTime: timestamp(new Date(received + 172_800_000)),
              step: { case: "win" as const, value: create(v1.WinLeadRequestSchema, win) },
            },
          ]
        : [],
  });
}

function* rows(count = ROWS): Generator<v1.ImportLeadsRequest> {
  for (let number = 0; number < count; number++) yield row(number);
}

describe("an import", () => {
  test("goes on after the server was killed", async ({ server, sales }) => {
    const done = new AbortController();
    const disturbance = disturb(server, done.signal);
    const results = await collect(sales.importLeads(rows()));
    done.abort();
    expect(await disturbance).toBeGreaterThan(0);
    expect(results.map((result) => result.row)).toEqual([...rows()].map(({ row }) => row));
    expect(results.filter(({ result }) => result === REJECTED)).toEqual([]);
    const again = await collect(sales.importLeads(rows()));
    expect(new Set(again.map(({ result }) => result))).toEqual(new Set([UNCHANGED]));
    const { received, outcomes } = await sales.reportFunnel();
    expect([received, outcomes?.won]).toEqual([BigInt(ROWS), BigInt(ROWS / 5)]);
  });

  shared("has results in the order of its rows", async ({ sales }) => {
    const broken = { row: 3n };
    const results = await collect(sales.importLeads([row(1), row(2), broken, row(5), row(2)]));
    expect(results.map((result) => result.row)).toEqual([1n, 2n, 3n, 5n, 2n]);
    expect(results.map(({ result }) => result)).toEqual([
      IMPORTED,
      IMPORTED,
      REJECTED,
      IMPORTED,
      UNCHANGED,
    ]);
    expect(results[2]?.reason).toBe("FIELD_REQUIRED");
    const won = await sales.getLead({ name: results[3]?.lead ?? "" });
    expect(won.state).toBe(v1.LeadState.WON);
  });

  shared("reads rows as it sends them", async ({ sales }) => {
    let read = 0;
    async function* counted() {
      for (const next of rows(2500)) {
        read += 1;
        yield await Promise.resolve(next);
      }
    }
    await sales.importLeads(counted()).next();
    expect(read).toBe(1000);
  });
});
