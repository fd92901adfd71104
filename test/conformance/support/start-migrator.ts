/** Migrators as processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";

type Line = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What a migrator ended with: the versions that it ran, or why it failed. */
export type Ending = { readonly versions?: readonly string[]; readonly error?: string };

export type Migrator = {
  /** Writes a word to it. */
  tell(word: "go" | "end"): void;
  /** Resolves with the first line of this type, also when it has come already. */
  hears(type: string): Promise<Line>;
  /** How it ended. The process has exited by itself. */
  readonly ending: Promise<Ending>;
};

export type Place = { readonly kind: "postgres" | "sqlite"; readonly address: string };

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts one, and waits until it is ready to go. */
export async function startMigrator(place: Place, scenario: string): Promise<Migrator> {
  const script = join(import.meta.dirname, "migrator-process.ts");
  const child = spawn(process.execPath, [script, place.kind, place.address, scenario], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  const lines: Line[] = [];
  const waiting: { readonly type: string; readonly resolve: (line: Line) => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const { type, resolve } of waiting) if (type === line.type) resolve(line);
  });
  const hears = (type: string) =>
    new Promise<Line>((resolve, reject) => {
      const heard = lines.find((line) => line.type === type);
      if (heard !== undefined) return resolve(heard);
      waiting.push({ type, resolve });
      child.once("exit", (code) => reject(new Error(`it ended with ${code} before ${type}`)));
    });
  const ending = hears("done").then(async ({ type: _, ...ended }) => {
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    running.delete(child);
    return ended as Ending;
  });
  await hears("ready");
  return { tell: (word) => void child.stdin.write(`${word}\n`), hears, ending };
}
