/** The package, installed from its tarball into an empty project: its types and its samples. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";

import { afterAll, beforeAll, expect } from "vitest";

import { unique } from "./salesd.js";
import { test } from "./workspace.js";

const ROOT = resolve(import.meta.dirname, "..");
const tools = join(ROOT, "node_modules");
const project = mkdtempSync(join(tmpdir(), "libsales-project-"));

beforeAll(() => {
  npm(ROOT, "pack", "--pack-destination", project);
  const tarball = readdirSync(project).find((file) => file.endsWith(".tgz"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(project, "install", "--prefer-offline", `./${tarball}`);
  cpSync(join(ROOT, "examples"), join(project, "examples"), { recursive: true });
  const flags = ["--strict", "--module", "nodenext", "--target", "es2022", "--outDir", "out"];
  const types = ["--lib", "es2022,esnext.disposable", "--typeRoots", `${tools}/@types`];
  const sources = readdirSync(join(project, "examples")).map((file) => join("examples", file));
  run(`${tools}/.bin/tsc`, [...flags, ...types, "--types", "node", ...sources]);
}, 180_000);

afterAll(() => {
  rmSync(project, { recursive: true });
});

function npm(cwd: string, ...args: string[]): void {
  execFileSync("npm", [...args, "--silent", "--no-audit", "--no-fund"], { cwd });
}

/** Runs a program in the project; gives what it prints. */
function run(program: string, args: string[], input = ""): string {
  try {
    return execFileSync(program, args, { cwd: project, input, encoding: "utf8", timeout: 120_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
  }
}

function example(name: string, args: string[], input = ""): string {
  return run("node", [`out/${name}.js`, ...args], input);
}

test("browsers have an entrance of their own", () => {
  const script = 'import("libsales/web").then(({ connect }) => console.log(connect.name))';
  expect(run("node", ["--eval", script])).toBe("connect\n");
});

test("the quickstart is told what is missing", ({ target }) => {
  const printed = example("quickstart", [target]);
  expect(printed).toBe("not yet: requirements_agreed price_offered\n");
});

test("the walkthrough wins one and refuses one", ({ target }) => {
  const printed = example("walkthrough", [target, unique("walk")]);
  expect(printed).toContain("missing requirements_agreed, asked for by proposal");
  expect(printed).toContain("won at 8600.00 EUR");
  expect(printed).toContain("ARGUMENTS_REQUIRED");
  expect(printed).toContain("channels/referral");
  expect(printed).toContain("won 1 of 3");
});

test("an import is reported, and done once", ({ target, sales }) => {
  const [, workspace = ""] = sales.workspace.split("/");
  const rows = [
    "id,email,received,won,value",
    "1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,4900.50",
    "2,ada@example.com,2026-03-02T10:00:00+01:00,,\n",
  ].join("\n");
  const first = example("import_leads", [target, workspace], rows);
  expect(first.split(/\s+/)).toEqual(["2n", "IMPORTED", "3n", "IMPORTED", ""]);
  const again = example("import_leads", [target, workspace], rows);
  expect(again.split(/\s+/)).toEqual(["2n", "UNCHANGED", "3n", "UNCHANGED", ""]);
  const report = example("report", [target, workspace]);
  expect(report).toContain("(1/2, 95 % ");
  expect(report).toContain("4900.50");
});

test("a watch prints what happens", async ({ target, sales }) => {
  const [, workspace = ""] = sales.workspace.split("/");
  const watching = spawn("node", ["out/watch.js", target, workspace], {
    cwd: project,
    stdio: ["ignore", "pipe", "inherit"],
  }) satisfies ChildProcess;
  try {
    const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toMatch(/^1n WORKSPACE_CREATED/);
    await sales.createChannel({ channelId: "ads" });
    for (;;) {
      const { value } = (await lines.next()) as { value: string };
      if (/CHANNEL_CREATED .*\/ads$/.test(value)) break;
    }
  } finally {
    watching.kill();
  }
});
