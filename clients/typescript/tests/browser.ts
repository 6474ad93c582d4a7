/** A real browser on the real board, behind the real proxy. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type BrowserContext, chromium } from "playwright-core";
import { build, preview, type PreviewServer } from "vite";

import { lastingPort } from "./salesd.js";

const BOARD = join(import.meta.dirname, "../board");
const START_MS_MAX = 15_000;

/** The gRPC-Web proxy in front of a server. */
export class Proxy {
  private constructor(
    readonly port: number,
    readonly process: ChildProcess,
  ) {}

  static async start(target: string): Promise<Proxy> {
    const port = await lastingPort();
    const program = process.env.GRPCWEBPROXY ?? "grpcwebproxy";
    const running = spawn(
      program,
      [
        `--backend_addr=${target}`,
        // A restarted server is found again at once.
        "--backend_backoff_max_delay=200ms",
        "--run_tls_server=false",
        "--server_bind_address=127.0.0.1",
        `--server_http_debug_port=${port}`,
        // A watch goes on.
        "--server_http_max_write_timeout=0s",
        "--server_http_max_read_timeout=0s",
      ],
      { stdio: "ignore" },
    );
    const lost = once(running, "error").then(([error]) => {
      throw new Error(`${program}: set GRPCWEBPROXY to the proxy`, { cause: error });
    });
    await Promise.race([answers(port), lost]);
    return new Proxy(port, running);
  }

  async stop(): Promise<void> {
    this.process.kill();
    if (this.process.exitCode === null) await once(this.process, "exit");
  }
}

async function answers(port: number): Promise<void> {
  const until = Date.now() + START_MS_MAX;
  while (Date.now() < until) {
    const socket = connectSocket(port, "127.0.0.1");
    const there = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (there) return;
    await sleep(20);
  }
  throw new Error(`nobody answers on port ${port}`);
}

/** The board as it is shipped, served with its calls going to the proxy. */
export async function serveBoard(proxy: Proxy): Promise<{ server: PreviewServer; url: string }> {
  process.env.GRPC_WEB_PROXY = `http://127.0.0.1:${proxy.port}`;
  const configFile = join(BOARD, "vite.config.ts");
  const outDir = mkdtempSync(join(tmpdir(), "libsales-board-"));
  const common = { configFile, logLevel: "error", build: { outDir, emptyOutDir: true } } as const;
  await build(common);
  const server = await preview({ ...common, preview: { port: 0, host: "127.0.0.1" } });
  server.httpServer.once("close", () => {
    rmSync(outDir, { recursive: true, force: true });
  });
  const [url = ""] = server.resolvedUrls?.local ?? [];
  return { server, url };
}

/** Debian's browser, which knows nobody and calls nobody. */
export async function launch(): Promise<{ browser: BrowserContext; quit: () => Promise<void> }> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`${executablePath}: install chromium`);
  const folder = mkdtempSync(join(tmpdir(), "libsales-chromium-"));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const quit = async () => {
    await browser.close();
    // The browser's children may write on for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  return { browser, quit };
}
