/** A server that wants to know who calls: tokens from a file, and at the door of the board. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Client, v1 } from "../src/index.js";
import { launch, Proxy, serveBoard } from "./browser.js";
import { collect, Salesd } from "./salesd.js";

let salesd: Salesd;
let tokenFile: string;
let sales: Client;

/** Puts a token in the place of the one before, as a mounted secret is swapped. */
function swap(token: string): void {
  writeFileSync(`${tokenFile}.new`, `${token}\n`, { mode: 0o600 });
  renameSync(`${tokenFile}.new`, tokenFile);
}

beforeAll(async () => {
  salesd = new Salesd(0, ["--auth=required"]);
  tokenFile = join(salesd.folder, "token");
  swap(salesd.run("token", "--role=owner", "--actor=boss").trim());
  await salesd.start();
  sales = salesd.connect("studio", { tokenFile, actor: undefined });
  await sales.createWorkspace({ workspaceId: "studio" });
});

afterAll(async () => {
  sales.close();
  expect(await salesd.stop()).toBe(0);
});

test("who brings no token is not let in", async () => {
  await using stranger = salesd.connect("studio");
  await expect(stranger.getWorkspace({ name: stranger.workspace })).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    reason: "CREDENTIALS_MISSING",
  });
});

test("a call is made in the name of the token", async () => {
  await sales.createChannel({ channelId: "ads" });
  expect((await collect(sales.listEvents())).at(-1)?.actor).toBe("boss");
});

test("a client goes on with the token that takes the place of a revoked one", async () => {
  const make = (tokenId: string) =>
    sales.createToken({ tokenId, token: { role: v1.Role.OWNER, actor: "anna" } });
  const [first, second] = [await make("first"), await make("second")];
  await using anna = salesd.connect("studio", { tokenFile });
  const before = salesd.connect("studio", { tokenFile });
  swap(first.secret);
  await anna.getWorkspace({ name: anna.workspace });
  await before.deleteToken({ name: first.name });
  await expect(anna.getWorkspace({ name: anna.workspace })).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
    reason: "CREDENTIALS_INVALID",
  });
  swap(second.secret);
  expect(await anna.getWorkspace({ name: anna.workspace })).toMatchObject({ name: anna.workspace });
  before.close();
});

test("the board asks at its door for the token, and keeps it out of the address", async () => {
  const token = { role: v1.Role.OWNER, actor: "eva" };
  const { secret } = await sales.createToken({ tokenId: "board", token });
  await sales.captureLead({ contact: { displayName: "Иван Петров" } });
  const proxy = await Proxy.start(salesd.target);
  const { server, url } = await serveBoard(proxy);
  const { browser, quit } = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${url}?workspace=studio`);
    await page.getByRole("alert").filter({ hasText: "CREDENTIALS_MISSING" }).waitFor();
    await page.getByLabel("Token").fill(secret);
    await page.getByRole("button", { name: "Show the board" }).click();
    await page.getByRole("button", { name: "Иван Петров" }).waitFor();
    expect(page.url()).not.toContain(secret);
    await page.reload();
    await page.getByRole("button", { name: "Иван Петров" }).waitFor();
  } finally {
    await quit();
    await server.close();
    await proxy.stop();
  }
});
