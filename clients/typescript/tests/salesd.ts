/** Runs the real salesd on a store of its own, for the tests. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { type Client, connect, type ConnectOptions } from "../src/index.js";

export const REPOSITORY = resolve(import.meta.dirname, "../../..");
const WEBHOOK_KEY = join(REPOSITORY, "tests/scenarios/webhook.key");
const START_MS_MAX = 30_000;
let numbers = 0;

/** The salesd that the environment names, or else the one that was built last. */
function binary(): string {
  if (process.env.SALESD) return process.env.SALESD;
  const builds = join(REPOSITORY, "build");
  const built = readdirSync(builds)
    .map((preset) => join(builds, preset, "service/salesd"))
    .filter(isExecutable)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (!built) throw new Error("salesd is not built: build it, or name it in SALESD");
  return built;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** An id that no other test of this run has. */
export function unique(prefix = "w"): string {
  return `${prefix}-${process.pid}-${numbers++}`;
}

/**
 * A port to come back to after a kill. It is below those that the kernel gives to connections: a
 * client that looks for a dead server on one of those may be connected with itself.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const probe = connectSocket(port, "127.0.0.1");
    const taken = await Promise.race([
      once(probe, "connect").then(() => true),
      once(probe, "error").then(() => false),
    ]).catch(() => false);
    probe.destroy();
    if (!taken) return port;
  }
}

/** A server process on a store; it may be killed and started again on the same port. */
export class Salesd {
  readonly folder = mkdtempSync(join(tmpdir(), "libsales-typescript-"));
  readonly #program = binary();
  #process: ChildProcess | undefined;
  #starts = 0;

  constructor(
    public port = 0,
    readonly flags: readonly string[] = [],
  ) {
    this.run("migrate");
  }

  get target(): string {
    return `127.0.0.1:${this.port}`;
  }

  get store(): string {
    return `--store=sqlite:${join(this.folder, "sales.db")}`;
  }

  /** Where the log goes: where the environment says, to be looked through, or beside the store. */
  get #log(): string {
    const kept = process.env.SALESD_LOGS;
    return kept
      ? join(kept, `${basename(this.folder)}-${this.#starts}.log`)
      : join(this.folder, "salesd.log");
  }

  /** Runs a verb of salesd on the store, while no server has it; gives what it prints. */
  run(...args: string[]): string {
    const done = spawnSync(this.#program, [...args, this.store], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`salesd ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  }

  /** Starts the server, and waits until it says on which port it listens. */
  async start(): Promise<this> {
    this.#starts++;
    const log = openSync(this.#log, "w");
    this.#process = spawn(
      this.#program,
      [
        "serve",
        this.store,
        `--listen=127.0.0.1:${this.port}`,
        "--admin-listen=127.0.0.1:0",
        "--lame-duck-seconds=0",
        // What a test records is all that is recorded.
        "--sweep-seconds=0",
        `--webhook-key-file=${WEBHOOK_KEY}`,
        ...this.flags,
      ],
      { stdio: ["ignore", log, log] },
    );
    closeSync(log);
    const until = Date.now() + START_MS_MAX;
    while (Date.now() < until && this.#process.exitCode === null) {
      this.port = this.#announcedPort() ?? this.port;
      if (this.#announcedPort()) return this;
      await sleep(5);
    }
    throw new Error(`salesd did not start:\n${readFileSync(this.#log, "utf8").slice(-2000)}`);
  }

  #announcedPort(): number | undefined {
    const lines = readFileSync(this.#log, "utf8").split("\n").slice(0, -1);
    const serving = lines.find((line) => line.includes('"message":"serving"'));
    return serving ? (JSON.parse(serving) as { port: number }).port : undefined;
  }

  /** Kills the server as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks the server to finish; gives its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.#end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.#process;
    if (running?.exitCode === null && running.signalCode === null) {
      running.kill(signal);
      await once(running, "exit");
    }
    return running?.exitCode ?? null;
  }

  connect(workspace?: string, options: ConnectOptions = {}): Client {
    return connect(this.target, { workspace, actor: "test", ...options });
  }
}

/** Everything that an iterator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
