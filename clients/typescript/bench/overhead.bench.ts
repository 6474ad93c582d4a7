/** What a call through the client costs beside one through the bare stub of grpc-js. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { expect, inject, test } from "vitest";

import { connect, v1 } from "libsales";

const ROUNDS = 200;
const CALLS_A_ROUND = 50;

const { getWorkspace } = v1.WorkspaceService.method;

/** Milliseconds that a round of calls takes, one after another. */
async function roundMs(call: () => Promise<v1.Workspace>): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < CALLS_A_ROUND; i++) await call();
  return performance.now() - begin;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

test("a call costs little more than the stub's", async () => {
  const target = inject("target");
  await using sales = connect(target, { workspace: "bench", actor: "anna" });
  await sales.createWorkspace({ workspaceId: "bench" });
  const stub = new Client(target, credentials.createInsecure());

  const bare = () =>
    new Promise<v1.Workspace>((resolve, reject) => {
      const metadata = new Metadata();
      metadata.set("sales-actor", "anna");
      stub.makeUnaryRequest(
        `/${v1.WorkspaceService.typeName}/${getWorkspace.name}`,
        (request: v1.GetWorkspaceRequest) => Buffer.from(toBinary(getWorkspace.input, request)),
        (bytes) => fromBinary(getWorkspace.output, bytes),
        create(getWorkspace.input, { name: sales.workspace }),
        metadata,
        { deadline: Date.now() + 10_000 },
        (error, answer) => {
          if (error) reject(error);
          else if (answer) resolve(answer);
        },
      );
    });
  const wrapped = () => sales.getWorkspace({ name: sales.workspace });

  // Both in turn, so that what else the machine does meets both; the first rounds warm up.
  const ratios: number[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = round % 2 ? [bare, wrapped] : [wrapped, bare];
    const times = new Map([[first, await roundMs(first)]]);
    times.set(second, await roundMs(second));
    if (round < ROUNDS / 10) continue;
    bareMs.push((times.get(bare) ?? NaN) / CALLS_A_ROUND);
    ratios.push((times.get(wrapped) ?? NaN) / (times.get(bare) ?? NaN));
  }
  stub.close();
  const percent = ((median(ratios) - 1) * 100).toFixed(1);
  const micros = (median(bareMs) * 1000).toFixed(0);
  console.log(`typescript: a call costs ${percent} % more than the stub's ${micros} µs`);
  expect(ratios).toHaveLength(ROUNDS * 0.9);
});
