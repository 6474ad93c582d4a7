/** The board, in a browser, through the proxy, with the real server behind. */
import { createRequire } from "node:module";

import type axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import type { PreviewServer } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { type Client, email, money, v1 } from "../src/index.js";
import { launch, Proxy, serveBoard } from "./browser.js";
import { lastingPort, Salesd, unique } from "./salesd.js";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let salesd: Salesd;
let proxy: Proxy;
let server: PreviewServer;
let browser: BrowserContext;
let quit: () => Promise<void>;
let url: string;
let workspace: string;
let sales: Client;
let page: Page;

beforeAll(async () => {
  salesd = await new Salesd(await lastingPort()).start();
  proxy = await Proxy.start(salesd.target);
  ({ server, url } = await serveBoard(proxy));
  ({ browser, quit } = await launch());
});

afterAll(async () => {
  await quit();
  await server.close();
  await proxy.stop();
  expect(await salesd.stop()).toBe(0);
});

beforeEach(async () => {
  workspace = unique("board");
  sales = salesd.connect(workspace, { actor: "boris" });
  await sales.createWorkspace({ workspaceId: workspace, workspace: { displayName: "Studio" } });
  page = await browser.newPage();
  // An uncaught error of the page is one of the test.
  page.on("pageerror", (error) => {
    throw error;
  });
});

afterEach(async () => {
  await page.close();
  sales.close();
});

async function capture(displayName: string, need = "an online shop"): Promise<string> {
  const captured = await sales.captureLead({
    contact: { displayName, identities: [email(`${unique()}@example.com`)] },
    lead: { need, expectedValue: money("9000", "EUR") },
  });
  return captured.lead?.name ?? "";
}

/** Calls the client back: what the stage `contacted` asks for. */
async function answer(parent: string): Promise<void> {
  const activity = { kind: v1.Activity_Kind.CALL, direction: v1.Activity_Direction.OUT };
  await sales.logActivity({ parent, activity });
}

async function open(): Promise<void> {
  await page.goto(`${url}?workspace=${workspace}&actor=anna`);
  await seen(page.getByText("Live"));
}

/** Waits until it is there, once. */
async function seen(locator: ReturnType<Page["locator"]>): Promise<void> {
  await locator.waitFor({ timeout: 15_000 });
}

function column(name: string) {
  return page.getByRole("region", { name });
}

function card(stage: string, name: string) {
  return column(stage).getByRole("button", { name });
}

test("shows the leads in their stages, with what a seller needs to see", async () => {
  await capture("Иван Петров");
  const second = await capture("Eva");
  await sales.advanceLead({ name: second, stage: "contacted", overrideReason: "test" });
  await open();
  await seen(card("New", "Иван Петров"));
  await seen(card("Contacted", "Eva"));
  const text = await column("New").innerText();
  expect(text).toContain("an online shop");
  expect(text).toContain("€9,000");
  expect(text).toMatch(/Answer due in \d+ minutes/);
  expect(await page.title()).toBe("Studio");
});

test("shows what another client does, without being loaded again", async () => {
  const name = await capture("Eva");
  await open();
  await seen(card("New", "Eva"));
  await page.evaluate(() => {
    document.body.dataset.loaded = "once";
  });
  await capture("Ada");
  await seen(card("New", "Ada"));
  await sales.advanceLead({ name, stage: "contacted", overrideReason: "test" });
  await seen(card("Contacted", "Eva"));
  await seen(page.getByRole("status").filter({ hasText: "Eva is in Contacted now." }));
  await sales.loseLead({ name, reason: "price" });
  await card("Contacted", "Eva").waitFor({ state: "detached" });
  expect(await page.locator("body[data-loaded=once]").count()).toBe(1);
});

test("a card dropped where it may not go says everything that is missing", async () => {
  const name = await capture("Eva", "");
  await open();
  await column("New").getByRole("listitem").dragTo(column("Start of work"));
  const dialog = page.getByRole("dialog", { name: "Move Eva" });
  await seen(dialog);
  const { checks } = await sales.checkMove({ name });
  const missing = checks.find(({ stage }) => stage === "start_of_work")?.missing ?? [];
  expect(missing).toHaveLength(3);
  const shown = dialog.getByRole("list", { name: "Missing for Start of work" });
  expect(await shown.getByRole("listitem").allInnerTexts()).toEqual(
    missing.map(({ description }) => description),
  );
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect((await sales.getLead({ name })).stage).toBe("new");
});

test("a card dropped where it may go is moved, as who is there", async () => {
  const name = await capture("Eva");
  await answer(name);
  await open();
  await column("New").getByRole("listitem").dragTo(column("Contacted"));
  await seen(card("Contacted", "Eva"));
  expect((await sales.getLead({ name })).stage).toBe("contacted");
  let last: v1.Event | undefined;
  for await (const event of sales.listEvents()) last = event;
  expect(last).toMatchObject({ type: v1.EventType.LEAD_MOVED, actor: "anna", lead: name });
});

test("the keyboard moves a lead on, and back with a reason", async () => {
  const name = await capture("Eva");
  await sales.advanceLead({ name, stage: "contacted", overrideReason: "test" });
  await open();
  await card("Contacted", "Eva").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await seen(card("Requirements", "Eva"));
  await card("Requirements", "Eva").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Move Eva" });
  await dialog.getByRole("button", { name: "New" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("He called again");
  await page.keyboard.press("Enter");
  await seen(card("New", "Eva"));
  await dialog.waitFor({ state: "detached" });
  // Where the card went, the keyboard went too.
  await vi.waitFor(async () => {
    expect(await page.locator(":focus").innerText()).toBe("Eva");
  });
});

test("a move on old knowledge is refused, and then made on new", async () => {
  const name = await capture("Eva");
  await answer(name);
  await open();
  await card("New", "Eva").click();
  const contacted = page.getByRole("dialog").getByRole("button", { name: "Contacted" });
  await seen(contacted);
  await sales.updateLead({ lead: { name, need: "a bakery" } });
  await contacted.click();
  await seen(page.getByRole("alert").filter({ hasText: "Somebody else" }));
  expect((await sales.getLead({ name })).stage).toBe("new");
  await contacted.click();
  await seen(card("Contacted", "Eva"));
});

test("a restart of the server is survived", async () => {
  const name = await capture("Eva");
  await open();
  await salesd.kill();
  await seen(page.getByText("Reconnecting…"));
  await salesd.start();
  await seen(page.getByText("Live"));
  await vi.waitFor(() => sales.advanceLead({ name, stage: "contacted", overrideReason: "test" }), {
    timeout: 10_000,
  });
  await seen(card("Contacted", "Eva"));
});

test("who comes without an address is asked for the workspace", async () => {
  await capture("Eva");
  await page.goto(url);
  await page.getByLabel("Workspace").fill(workspace);
  await page.getByLabel("Your id").fill("anna");
  await page.getByRole("button", { name: "Show the board" }).click();
  await seen(card("New", "Eva"));
  expect(new URL(page.url()).searchParams.get("workspace")).toBe(workspace);
});

test("a workspace that is not there is said to be so", async () => {
  await page.goto(`${url}?workspace=nowhere`);
  await seen(page.getByRole("alert").filter({ hasText: "WORKSPACE_NOT_FOUND" }));
});

/** What a checker of accessibility finds wrong with the page as it is. */
async function faults(): Promise<string[]> {
  await page.addScriptTag({ path: axePath });
  const checked = await page.evaluate(() => (window as unknown as Axe).axe.run());
  const { violations, passes } = checked;
  expect(passes).not.toEqual([]);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

interface Axe {
  axe: { run: () => Promise<axe.AxeResults> };
}

const APPEARANCES = [1280, 360].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

test.each(APPEARANCES)("is for everyone to use ($width px, $colorScheme)", async (appearance) => {
  const { width, colorScheme } = appearance;
  await capture("Eva");
  const late = await capture("Ada");
  await sales.advanceLead({ name: late, stage: "contract", overrideReason: "test" });
  await page.setViewportSize({ width, height: 700 });
  await page.emulateMedia({ colorScheme });
  await page.goto(url);
  expect(await faults()).toEqual([]);
  await open();
  await seen(card("Contract", "Ada"));
  expect(await faults()).toEqual([]);
  const pageWidth = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(pageWidth).toBe(width);
  await card("New", "Eva").click();
  await seen(page.getByRole("dialog", { name: "Move Eva" }));
  expect(await faults()).toEqual([]);
});
