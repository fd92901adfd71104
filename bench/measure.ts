/** Whole processes, timed in turn: A B C A B C …, so that a slow moment of the machine hits all of them alike. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export type Contestant = {
  readonly name: string;
  /** The program. Default: Node. */
  readonly command?: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Gives the database of a run. Not timed. */
  readonly database?: () => Promise<string>;
  /** Its command, where that depends on the database. */
  readonly at?: (url: string) => Pick<Contestant, "command" | "argv">;
};

/** What the runs of a contestant took, in milliseconds, one for each round. */
export type Measured = { readonly name: string; readonly times: readonly number[] };

export type MeasureOptions = {
  readonly rounds: number;
  /** No round begins after so many milliseconds, but for the first. */
  readonly budgetMs: number;
  /** Ends the process that runs, and with an error the measuring. */
  readonly signal: AbortSignal;
};

/** Runs every contestant once in a round. */
export async function measure(
  contestants: readonly Contestant[],
  { rounds, budgetMs, signal }: MeasureOptions,
): Promise<readonly Measured[]> {
  const measured = contestants.map(({ name }) => ({ name, times: [] as number[] }));
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && performance.now() - started > budgetMs) break;
    for (const [i, contestant] of contestants.entries())
      measured[i]?.times.push(await run(contestant, signal));
  }
  return measured;
}

/** Runs a contestant once. Gives the milliseconds from before its process is made to after its end. */
export async function run(contestant: Contestant, signal: AbortSignal): Promise<number> {
  const { cwd, name, database, at } = contestant;
  const url = await database?.();
  const { command = process.execPath, argv } = at?.(url ?? "") ?? contestant;
  const started = performance.now();
  const child = spawn(command, argv, {
    ...(cwd === undefined ? {} : { cwd }),
    env: {
      ...process.env,
      SLIPWAY_NODE: process.execPath,
      ...(url === undefined ? {} : { DATABASE_URL: url }),
    },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "close");
  const took = performance.now() - started;
  if (code !== 0)
    throw new Error(`${name} ended with exit code ${code}: ${command} ${argv.join(" ")}\n${said}`);
  return took;
}
