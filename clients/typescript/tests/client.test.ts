/** What the client adds to the stubs, seen from a gRPC server that misbehaves on purpose. */
import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { create, type DescService, type Message, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { Metadata, status as Status } from "@grpc/grpc-js";
import { afterEach, describe, expect, test, vi } from "vitest";

import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from "../src/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../src/gen/google/rpc/status_pb.js";
import { Client, connect, type ConnectOptions, SalesError, v1, VERSION } from "../src/index.js";
import { type Behaviour, Capricious, only, status } from "./capricious.js";
import { collect } from "./salesd.js";

afterEach(() => {
  vi.useRealTimers();
});

const NAME = "workspaces/studio/leads/1";
const answerLead: Behaviour<Promise<Message>> = () =>
  Promise.resolve(create(v1.LeadSchema, { name: NAME }));

function advance(request: AsyncIterable<Message>): Promise<v1.AdvanceLeadRequest> {
  return only<v1.AdvanceLeadRequest>(request);
}

const readAndAnswer: Behaviour = async (count, request) => {
  await advance(request);
  return answerLead(count, request);
};

function client(server: Capricious, options: ConnectOptions = {}) {
  return connect(server.target, { workspace: "studio", actor: "anna", ...options });
}

function failTimes(times: number, code: Status): Behaviour {
  return async (count, request) => {
    await advance(request);
    if (count <= times) throw status(code, "try again");
    return answerLead(count, request);
  };
}

describe("a call", () => {
  test("says who calls and with what", async () => {
    await using server = await Capricious.start(readAndAnswer);
    await using sales = client(server);
    await sales.advanceLead({ name: NAME });
    expect(server.metadata[0]?.get("sales-actor")).toEqual(["anna"]);
    expect(server.metadata[0]?.get("user-agent")[0]).toMatch(`libsales-typescript/${VERSION} `);
    expect(server.metadata[0]?.get("authorization")).toEqual([]);
  });

  test("has a request id of its own", async () => {
    await using server = await Capricious.start(readAndAnswer);
    await using sales = client(server);
    const request = create(v1.AdvanceLeadRequestSchema, { name: NAME });
    for (const again of [request, request, { name: NAME }]) await sales.advanceLead(again);
    const ids = server.requests.map((sent) => (sent as v1.AdvanceLeadRequest).requestId);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain("");
    expect(request.requestId).toBe("");
  });

  test("keeps a request id that is given", async () => {
    await using server = await Capricious.start(readAndAnswer);
    await using sales = client(server);
    await sales.advanceLead({ name: NAME, requestId: "mine" });
    expect(server.requests[0]).toMatchObject({ requestId: "mine" });
  });

  test("is retried as the same request", async () => {
    await using server = await Capricious.start(failTimes(2, Status.UNAVAILABLE));
    await using sales = client(server);
    await sales.advanceLead({ name: NAME, stage: "contacted" });
    const ids = server.requests.map((sent) => (sent as v1.AdvanceLeadRequest).requestId);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  test.each([Status.ABORTED, Status.FAILED_PRECONDITION, Status.INTERNAL, Status.NOT_FOUND])(
    "that got an answer is not retried (%i)",
    async (code) => {
      await using server = await Capricious.start(failTimes(9, code));
      await using sales = client(server);
      await expect(sales.advanceLead({ name: NAME })).rejects.toMatchObject({ code: Status[code] });
      expect(server.requests).toHaveLength(1);
    },
  );

  test("without an answer in time is DEADLINE_EXCEEDED", async () => {
    await using server = await Capricious.start(() => new Promise<Message>(() => undefined));
    await using sales = client(server, { timeoutMs: 100 });
    await expect(sales.getLead()).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await expect(sales.at({ timeoutMs: 50 }).getLead()).rejects.toBeInstanceOf(SalesError);
    await expect(sales.getLead({}, { timeoutMs: 50 })).rejects.toBeInstanceOf(SalesError);
  });

  test("that reaches nobody is UNAVAILABLE", async () => {
    await using sales = connect("127.0.0.1:1");
    const refused = sales.getLead({ name: NAME });
    await expect(refused).rejects.toMatchObject({ code: "UNAVAILABLE", reason: "" });
  });

  test("that is given up fails with the signal's reason", async () => {
    await using server = await Capricious.start(() => new Promise<Message>(() => undefined));
    await using sales = client(server);
    const controller = new AbortController();
    const call = sales.getLead({ name: NAME }, { signal: controller.signal });
    setTimeout(() => {
      controller.abort(new Error("enough"));
    }, 50);
    await expect(call).rejects.toThrow("enough");
    await expect(sales.getLead({}, { signal: controller.signal })).rejects.toThrow("enough");
  });
});

test("every method of the contract is one of the client's", () => {
  const services = (Object.values(v1) as Partial<DescService>[]).filter(
    (value): value is DescService => value.kind === "service",
  );
  const methods = services.flatMap((service) => service.methods).map(({ localName }) => localName);
  const renamed = new Map([["watchEvents", "watch"]]);
  const lacking = methods.filter((name) => !((renamed.get(name) ?? name) in Client.prototype));
  expect(lacking).toEqual([]);
});

test("a token is read again when its file changes", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "token-")), "token");
  writeFileSync(file, "sales_one\n");
  await using server = await Capricious.start(readAndAnswer);
  await using sales = client(server, { tokenFile: file });
  await sales.getLead();
  await sales.getLead();
  writeFileSync(`${file}.new`, "sales_two\n");
  renameSync(`${file}.new`, file);
  await sales.getLead();
  const sent = server.metadata.map((metadata) => metadata.get("authorization")[0]);
  expect(sent).toEqual(["Bearer sales_one", "Bearer sales_one", "Bearer sales_two"]);
});

test("a token is not sent in the clear to another machine", () => {
  const tokenFile = import.meta.filename;
  expect(() => connect("sales.example.com:8443", { tokenFile })).toThrow(/tls/);
  expect(() => connect("localhost:8443", { tokenFile: "no such file" })).toThrow(/ENOENT/);
  connect("[::1]:8443", { tokenFile }).close();
  connect("sales.example.com:8443", { tokenFile, tls: true }).close();
});

test("an error carries its details", async () => {
  const details = [
    anyPack(
      ErrorInfoSchema,
      create(ErrorInfoSchema, {
        reason: "GUARD_UNMET",
        domain: "sales.v1",
        metadata: { stage: "start_of_work" },
      }),
    ),
    anyPack(
      PreconditionFailureSchema,
      create(PreconditionFailureSchema, {
        violations: [{ subject: "start_of_work", description: "price_offered: Offer: a price." }],
      }),
    ),
    anyPack(
      BadRequestSchema,
      create(BadRequestSchema, { fieldViolations: [{ field: "stage", description: "later" }] }),
    ),
    anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { nanos: 250_000_000 } })),
  ];
  const metadata = new Metadata();
  const packed = toBinary(StatusSchema, create(StatusSchema, { code: 9, details }));
  metadata.set("grpc-status-details-bin", Buffer.from(packed));
  await using server = await Capricious.start(() =>
    Promise.reject(status(Status.FAILED_PRECONDITION, "conditions are unmet", metadata)),
  );
  await using sales = client(server);
  const error: unknown = await sales.advanceLead({ name: NAME }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(SalesError);
  expect(error).toMatchObject({
    code: "FAILED_PRECONDITION",
    reason: "GUARD_UNMET",
    message: "GUARD_UNMET: conditions are unmet",
    metadata: { stage: "start_of_work" },
    fields: [{ field: "stage", description: "later" }],
    missing: [
      { condition: "price_offered", stage: "start_of_work", description: "Offer: a price." },
    ],
    retryDelayMs: 250,
  });
});

test("a list asks for the next page when it is needed", async () => {
  await using server = await Capricious.start(async (count, request) => {
    const { pageSize } = await only<v1.ListLeadsRequest>(request);
    const leads = Array.from({ length: pageSize }, (_, i) => ({ name: `${count}-${i}` }));
    const nextPageToken = count < 3 ? `p${count}` : "";
    return create(v1.ListLeadsResponseSchema, { leads, nextPageToken });
  });
  await using sales = client(server);
  const leads = sales.listLeads({ pageSize: 2, filter: "interest > 50" })[Symbol.asyncIterator]();
  expect(server.requests).toHaveLength(0);
  expect((await leads.next()).value).toMatchObject({ name: "1-0" });
  expect(server.requests).toHaveLength(1);
  const rest = await collect({ [Symbol.asyncIterator]: () => leads });
  expect(rest.map(({ name }) => name)).toEqual(["1-1", "2-0", "2-1", "3-0", "3-1"]);
  const requests = server.requests as v1.ListLeadsRequest[];
  expect(requests.map((request) => request.pageToken)).toEqual(["", "p1", "p2"]);
  for (const request of requests) {
    expect(request).toMatchObject({ parent: "workspaces/studio", filter: "interest > 50" });
  }
});

function batch(...revisions: bigint[]): v1.WatchEventsResponse {
  const events = revisions.map((revision) => ({ revision }));
  return create(v1.WatchEventsResponseSchema, { events, revision: revisions.at(-1) ?? 0n });
}

describe("a watch", () => {
  test("goes on after what it has given", async () => {
    await using server = await Capricious.start(async function* (count, request) {
      await only(request);
      if (count === 1) {
        yield batch(1n, 2n);
        yield batch(3n);
        yield create(v1.WatchEventsResponseSchema, { revision: 3n });
      }
      if (count < 6) throw status(Status.UNAVAILABLE, "the server goes away");
      yield batch(4n);
    });
    await using sales = client(server);
    const seen: bigint[] = [];
    for await (const { revision } of sales.watch()) {
      seen.push(revision);
      if (revision === 4n) break;
    }
    expect(seen).toEqual([2n, 3n, 4n]);
    const after = (server.requests as v1.WatchEventsRequest[]).map((r) => r.afterRevision);
    expect(after).toEqual([0n, 3n, 3n, 3n, 3n, 3n]);
  });

  test("begins anew with a server that has gone silent", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    await using server = await Capricious.start(async function* (count, request) {
      await only(request);
      yield batch(BigInt(count));
      await new Promise(() => undefined);
    });
    await using sales = client(server);
    const watch = sales.watch();
    expect((await watch.next()).value).toMatchObject({ revision: 1n });
    const next = watch.next();
    await vi.advanceTimersByTimeAsync(61_000);
    expect((await next).value).toMatchObject({ revision: 2n });
    expect(server.requests).toMatchObject([{ afterRevision: 0n }, { afterRevision: 1n }]);
  });

  test("that is refused says so", async () => {
    await using server = await Capricious.start(() =>
      Promise.reject(status(Status.OUT_OF_RANGE, "older than what is kept")),
    );
    await using sales = client(server);
    await expect(sales.watch().next()).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
  });

  test("ends with the signal's reason, and its call with it", async () => {
    await using server = await Capricious.start(async function* (_, request) {
      yield batch(1n);
      await collect(request);
      await sleep(60_000, undefined, { ref: false });
    });
    await using sales = client(server);
    const controller = new AbortController();
    const watch = sales.watch(0n, { signal: controller.signal });
    await watch.next();
    const next = watch.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
    await expect(watch.next()).resolves.toMatchObject({ done: true });
  });
});

test("a client that is closed ends its watch, and makes no more calls", async () => {
  await using server = await Capricious.start(async function* (_, request) {
    yield batch(1n);
    await collect(request);
    await sleep(60_000, undefined, { ref: false });
  });
  const sales = client(server);
  const watch = sales.watch();
  await watch.next();
  const next = watch.next();
  sales.close();
  await expect(next).rejects.toThrow("the client is closed");
  await expect(sales.getLead()).rejects.toThrow("the client is closed");
});

describe("an import", () => {
  test("does not hold it against the server that its results are taken slowly", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    await using server = await Capricious.start(async function* (count, requests) {
      for await (const { row } of requests as AsyncIterable<v1.ImportLeadsRequest>) {
        if (row === 2n && count === 1) throw status(Status.UNAVAILABLE, "goes away");
        yield create(v1.ImportLeadsResponseSchema, { row });
      }
    });
    await using sales = client(server);
    const taken: bigint[] = [];
    for await (const { row } of sales.importLeads([{ row: 1n }, { row: 2n }, { row: 3n }])) {
      taken.push(row);
      vi.advanceTimersByTime(90_000);
    }
    expect(taken).toEqual([1n, 2n, 3n]);
  });

  test("gives up a server that says nothing", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    await using server = await Capricious.start(async function* (_, requests) {
      for await (const { row } of requests as AsyncIterable<v1.ImportLeadsRequest>) {
        if (row === 2n) continue;
        yield create(v1.ImportLeadsResponseSchema, { row });
      }
      await new Promise(() => undefined);
    });
    await using sales = client(server);
    const results = sales.importLeads([{ row: 1n }, { row: 2n }]);
    await results.next();
    const next = results.next();
    const refused = expect(next).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await vi.advanceTimersByTimeAsync(61_000);
    await refused;
  });

  test("sends unanswered rows again", async () => {
    const seen: bigint[][] = [];
    await using server = await Capricious.start(async function* (count, requests) {
      const rows: bigint[] = [];
      seen.push(rows);
      for await (const request of requests as AsyncIterable<v1.ImportLeadsRequest>) {
        if (rows.length === 0) expect(request.parent).toBe("workspaces/studio");
        rows.push(request.row);
        if (request.row === 3n && count < 3) throw status(Status.UNAVAILABLE, "goes away");
        yield create(v1.ImportLeadsResponseSchema, { row: request.row });
      }
    });
    await using sales = client(server);
    const rows = [1n, 2n, 3n, 4n, 5n].map((row) => ({ row }));
    const results = await collect(sales.importLeads(rows));
    expect(results.map((result) => result.row)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(seen).toEqual([[1n, 2n, 3n], [3n], [3n, 4n, 5n]]);
  });

  test("that is refused says so", async () => {
    await using server = await Capricious.start(() =>
      Promise.reject(status(Status.PERMISSION_DENIED, "not you")),
    );
    await using sales = client(server);
    const imported = collect(sales.importLeads([{ row: 1n }]));
    await expect(imported).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });
});

describe("a workspace that moves", () => {
  test("is sent in pieces, after its name", async () => {
    await using server = await Capricious.start(async (_, requests) => {
      const all = (await collect(requests)) as v1.ImportWorkspaceRequest[];
      return create(v1.WorkspaceSchema, { displayName: `${all.length} pieces` });
    });
    await using sales = client(server);
    const made = await sales.importWorkspace([new Uint8Array([1]), new Uint8Array([2])]);
    expect(made.displayName).toBe("3 pieces");
    const sent = server.requests as v1.ImportWorkspaceRequest[];
    expect(sent.map(({ name, text }) => [name, ...text])).toEqual([
      ["workspaces/studio"],
      ["", 1],
      ["", 2],
    ]);
  });

  test("is not sent to its end when its source fails", async () => {
    await using server = await Capricious.start(async (_, requests) => {
      await collect(requests);
      return create(v1.WorkspaceSchema);
    });
    await using sales = client(server);
    async function* broken() {
      yield await Promise.resolve(new Uint8Array([1]));
      throw new Error("the file is cut off");
    }
    await expect(sales.importWorkspace(broken())).rejects.toThrow("the file is cut off");
  });
});

test("a backup that is cut off says so", async () => {
  await using server = await Capricious.start(async function* (count) {
    yield create(v1.BackupStoreResponseSchema, { data: new Uint8Array([1]) });
    if (count === 1)
      yield await Promise.resolve(create(v1.BackupStoreResponseSchema, { sha256: "0" }));
  });
  await using sales = client(server);
  expect(await collect(sales.backupStore())).toHaveLength(2);
  await expect(collect(sales.backupStore())).rejects.toThrow("cut off");
});
