/** TLS and tokens: the files that `connect` takes, with the real salesd. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { connect, type ConnectOptions, SalesError } from "../src/index.js";
import { collect, Salesd } from "./salesd.js";

const folder = mkdtempSync(join(tmpdir(), "libsales-tls-"));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Pair {
  certFile: string;
  keyFile: string;
}

function issue(name: string, ...flags: string[]): Pair {
  const made = { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
  const request = "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1";
  const files = ["-subj", `/CN=${name}`, "-keyout", made.keyFile, "-out", made.certFile];
  execFileSync("openssl", [...request.split(" "), ...files, ...flags], { stdio: "ignore" });
  return made;
}

function signed(name: string, ca: Pair): Pair {
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  return issue(name, "-CA", ca.certFile, "-CAkey", ca.keyFile, ...names);
}

async function serving(server: Pair, ...flags: string[]): Promise<Salesd> {
  const files = [`--tls-cert-file=${server.certFile}`, `--tls-key-file=${server.keyFile}`];
  return new Salesd(0, [...files, ...flags]).start();
}

/** Says whether calls of such a client are answered. */
async function reaches(target: string, options: ConnectOptions): Promise<boolean> {
  await using sales = connect(target.replace("127.0.0.1", "localhost"), {
    timeoutMs: 1500,
    ...options,
  });
  try {
    await collect(sales.listWorkspaces());
    return true;
  } catch (error) {
    if (error instanceof SalesError && /UNAVAILABLE|DEADLINE/.test(error.code)) return false;
    throw error;
  }
}

const ca = issue("ca");
const server = signed("server", ca);

test("a client who trusts the CA is served", async () => {
  const salesd = await serving(server);
  expect(await reaches(salesd.target, { caFile: ca.certFile })).toBe(true);
  expect(await reaches(salesd.target, { caFile: issue("stranger").certFile })).toBe(false);
  expect(await reaches(salesd.target, { tls: true })).toBe(false);
  expect(await salesd.stop()).toBe(0);
});

test("a server may ask clients for certificates", async () => {
  const salesd = await serving(server, `--tls-client-ca-file=${ca.certFile}`);
  const { certFile: caFile } = ca;
  expect(await reaches(salesd.target, { caFile, ...signed("anna", ca) })).toBe(true);
  expect(await reaches(salesd.target, { caFile })).toBe(false);
  expect(await reaches(salesd.target, { caFile, ...issue("boris") })).toBe(false);
  expect(await salesd.stop()).toBe(0);
});

test("files may be swapped while the client runs", async () => {
  const certs = { certFile: join(folder, "anna.pem"), keyFile: join(folder, "anna.key") };
  const authority = { caFile: join(folder, "trusted.pem") };
  const swapTo = (next: Pair) => {
    copyFileSync(next.certFile, authority.caFile);
    signed("anna", next);
  };
  swapTo(ca);
  const old = await serving(server, `--tls-client-ca-file=${ca.certFile}`);
  const target = old.target.replace("127.0.0.1", "localhost");
  await using sales = connect(target, { ...authority, ...certs, workspace: "studio" });
  await sales.createWorkspace({ workspaceId: "studio" });
  const watch = sales.watch();
  await watch.next();

  const next = issue("next");
  swapTo(next);
  // A watch that goes on is left alone, since the server still is the old one.
  await using trusting = connect(target, {
    caFile: ca.certFile,
    ...signed("boris", ca),
    workspace: "studio",
  });
  await trusting.createChannel({ channelId: "ads" });
  expect((await watch.next()).value.events[0]?.subject).toMatch(/ads$/);
  await expect(sales.getWorkspace({}, { timeoutMs: 1500 })).rejects.toBeInstanceOf(SalesError);
  expect(await old.stop()).toBe(0);

  const flags = [
    `--tls-cert-file=${signed("server2", next).certFile}`,
    `--tls-key-file=${join(folder, "server2.key")}`,
  ];
  const renewed = await new Salesd(old.port, [
    ...flags,
    `--tls-client-ca-file=${next.certFile}`,
  ]).start();
  await sales.createWorkspace({ workspaceId: "studio" });
  expect(await renewed.stop()).toBe(0);
});

test("files that do not go together are refused", () => {
  expect(() => connect("localhost:1", { certFile: server.certFile })).toThrow(/go together/);
  expect(() => connect("localhost:1", { caFile: join(folder, "none.pem") })).toThrow(/ENOENT/);
});
