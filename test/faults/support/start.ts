/** Command lines of a release as processes of their own, which can be killed, frozen and watched. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, afterEach } from "vitest";
import type { BackfillScenario } from "./backfills.ts";
import type { Scenario } from "./scenarios.ts";

/** What a child is told of its database and its fault. */
export type ChildSettings = {
  readonly kind: "postgres" | "mysql" | "sqlite";
  /** A URL, or the path of a file. */
  readonly address: string;
  readonly scenario: Scenario | BackfillScenario;
  readonly directUrl?: string;
  /** The version of the release. Default: 1. */
  readonly version?: string;
  readonly leaseMs?: number;
  /** Wait for the word `go`. Default: `false`. */
  readonly gate?: boolean;
  /** Stop the process before this call of the work session, counted from 1. Default: never. */
  readonly freezeAt?: number;
  /** Stop the process before the work session sends a statement that begins so. Default: never. */
  readonly freezeBefore?: string;
};

/** How a child ended. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** When, by the clock of this process. */
  readonly at: number;
};

export type Started = {
  readonly pid: number;
  /** Resolves as soon as it has said this, on either stream. */
  said(text: string): Promise<void>;
  /** Writes a word to it. */
  tell(word: "go" | "end"): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process is stopped as by SIGSTOP. */
  frozen(): Promise<void>;
  readonly ended: Promise<Ended>;
};

const root = resolve(import.meta.dirname, "../../..");
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

let script: Promise<string> | undefined;
let folder: string | undefined;

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
  script = undefined;
});

/** Starts one. */
export async function start(settings: ChildSettings, argv: readonly string[]): Promise<Started> {
  script ??= bundle();
  const child = spawn(process.execPath, ["--max-old-space-size=128", await script, ...argv], {
    env: { PATH: process.env.PATH, FAULTS: JSON.stringify(settings), NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  running.add(child);
  child.stdin.on("error", () => undefined);
  let stdout = "";
  let stderr = "";
  const looks = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
    for (const look of looks) look();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
    for (const look of looks) look();
  });
  const ended = once(child, "close").then(([code, signal]): Ended => {
    running.delete(child);
    return { code, signal, stdout, stderr, at: performance.now() };
  });
  const said = (text: string) =>
    new Promise<void>((done, failed) => {
      const look = () => {
        if (!stdout.includes(text) && !stderr.includes(text)) return;
        looks.delete(look);
        done();
      };
      looks.add(look);
      ended.then(() => failed(new Error(`ended without saying ${text}: ${stdout}${stderr}`)));
      look();
    });
  const pid = child.pid ?? 0;
  return {
    pid,
    said,
    tell: (word) => void child.stdin.write(`${word}\n`),
    kill: (signal) => void child.kill(signal),
    frozen: async () => {
      while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) await sleep(10);
    },
    ended,
  };
}

/** Runs one to its end. */
export async function run(settings: ChildSettings, argv: readonly string[]): Promise<Ended> {
  return (await start(settings, argv)).ended;
}

/** One file that starts fast, because two hundred of them are to start at once. */
async function bundle(): Promise<string> {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "slipway-faults-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  const outfile = join(folder, "dist", "cli", "child.js");
  await build({
    entryPoints: [join(import.meta.dirname, "child.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22.18",
    packages: "external",
    tsconfigRaw: {},
    logLevel: "warning",
  });
  return outfile;
}
