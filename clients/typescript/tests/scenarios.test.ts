/** The scenarios that every door passes, through this client. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import {
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type DescService,
  fromJson,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { afterAll, describe, expect, inject, test } from "vitest";

import { type Client, connect, SalesError, v1 } from "../src/index.js";
import { collect, REPOSITORY, unique } from "./salesd.js";

type Json = Record<string, unknown>;
interface Step {
  call: string;
  actor?: string;
  request?: Json;
  expect?: Json;
  error?: { code: string; reason: string; missing?: string[]; fields?: string[]; metadata?: Json };
  save?: Record<string, string>;
}

const FOLDER = join(REPOSITORY, "tests/scenarios");
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
const METHODS = new Map<string, DescMethod>(
  (Object.values(v1) as Partial<DescService>[])
    .filter((value): value is DescService => value.kind === "service")
    .flatMap((service) => service.methods)
    .map((method) => [`${method.parent.name}.${method.name}`, method]),
);

/** Puts what was saved in the place of each ${name}. */
function filled(value: unknown, saved: Map<string, string>): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)\}/g, (whole, name: string) => saved.get(name) ?? whole);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, saved));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(filled(key, saved)), filled(item, saved)]),
  );
}

/** What is at "lead.visits.0.stage". */
function found(value: unknown, path: string): string {
  const keys = path.replace(/\[(\d+)\]/g, ".$1").split(".");
  const at = keys.reduce((inner, key) => (inner as Json)[key], value);
  expect(at, path).toBeTypeOf("string");
  return at as string;
}

/** Says where `actual` has not what `expected` lists; it may have more fields. */
function differences(expected: unknown, actual: unknown, path = ""): string[] {
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
  }
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, actual[key], `${path}.${key}`),
    );
  }
  if (typeof expected === "number" && typeof actual === "number") {
    const close =
      Math.abs(expected - actual) <= 1e-9 * Math.max(Math.abs(expected), Math.abs(actual));
    return close ? [] : [`${path}: expected ${expected}, got ${actual}`];
  }
  if (expected === actual) return [];
  return [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asJson(schema: DescMessage, message: Message): JsonValue {
  return toJson(schema, message, { alwaysEmitImplicit: true });
}

/** Makes a call; gives the answer as JSON with every field. */
async function call(client: Client, name: string, fields: unknown): Promise<unknown> {
  const method = METHODS.get(name);
  if (!method) throw new Error(`no method ${name}`);
  if (method.methodKind === "bidi_streaming") {
    const rows = (fields as { requests: JsonValue[] }).requests.map((row) =>
      fromJson(v1.ImportLeadsRequestSchema, row),
    );
    const responses = await collect(client.importLeads(rows));
    return { responses: responses.map((response) => asJson(method.output, response)) };
  }
  const request = fromJson(method.input, fields as JsonValue);
  return asJson(method.output, await client.call(method as DescMethodUnary, request));
}

/** Makes the call of one step, and compares. */
async function play(client: Client, step: Step, saved: Map<string, string>): Promise<void> {
  const error = filled(step.error, saved) as Step["error"];
  const caller = step.actor === undefined ? client : client.at({ actor: step.actor });
  let answer;
  try {
    answer = await call(caller, step.call, filled(step.request ?? {}, saved));
  } catch (refused) {
    if (!(refused instanceof SalesError) || !error) throw refused;
    expect([refused.code, refused.reason]).toEqual([error.code, error.reason]);
    const { missing, fields, metadata } = error;
    if (missing) expect(refused.missing.map((m) => m.condition).sort()).toEqual(missing.sort());
    if (fields) expect(refused.fields.map((f) => f.field).sort()).toEqual(fields.sort());
    expect(differences(metadata ?? {}, refused.metadata)).toEqual([]);
    return;
  }
  if (error) expect.fail(`expected ${error.reason}, got ${JSON.stringify(answer)}`);
  expect(differences(filled(step.expect ?? {}, saved), answer)).toEqual([]);
  for (const [name, path] of Object.entries(step.save ?? {})) saved.set(name, found(answer, path));
}

const passed = new Set<string>();

afterAll(() => {
  const results = FILES.map((file) => `${passed.has(file) ? "passed" : "failed"} ${stem(file)}\n`);
  const folder = join(REPOSITORY, "build/scenarios");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "typescript.txt"), results.sort().join(""));
});

function stem(file: string): string {
  return basename(file, ".json");
}

describe("scenario", () => {
  test("files are there", () => {
    expect(FILES).not.toEqual([]);
  });

  test.each(FILES)("%s", async (file) => {
    const { steps } = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as { steps: Step[] };
    const saved = new Map([["unique", unique("s")]]);
    await using client = connect(inject("target"));
    for (const [number, step] of steps.entries()) {
      await play(client, step, saved).catch((error: unknown) => {
        throw new Error(`step ${number}, ${step.call}: ${String(error)}`, { cause: error });
      });
    }
    passed.add(file);
  });
});
