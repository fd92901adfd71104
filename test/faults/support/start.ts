/** Command lines of a release as processes of their own, which can be killed, frozen and watched. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach } from "vitest";
import type { BackfillScenario } from "./backfills.ts";
import { bundleChild } from "./bundle.ts";
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
  /** How wrong the clock of the process is. Default: 0. */
  readonly clockOffsetMs?: number;
  /** Takes memory until there is none where the scenario says so. Default: `false`. */
  readonly greedy?: boolean;
  /** Wait for the word `go`. Default: `false`. */
  readonly gate?: boolean;
  /** Stop the process before this call of the work session, counted from 1; 0 only counts them. Default: never. */
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

const running = new Set<ChildProcess>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts one. */
export async function start(settings: ChildSettings, argv: readonly string[]): Promise<Started> {
  const script = await bundleChild("child.ts");
  const child = spawn(process.execPath, ["--max-old-space-size=128", script, ...argv], {
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

/** How many calls of its work session a child with `freezeAt` told of. */
export function callsIn(stdout: string): number {
  return stdout.match(/^call \d+$/gm)?.length ?? 0;
}
