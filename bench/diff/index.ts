/**
 * Moments of real histories: what `gen migration --diff` writes brings the early schema to the late one and back, judged
 * by `pg_dump`, while two writers are at work on a table of a million rows; beside it the same difference as plain DDL.
 */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { difference } from "../../src/core/difference/difference.ts";
import type { DifferenceStep } from "../../src/core/difference/steps.ts";
import {
  databaseLike,
  dumpLines,
  moment,
  pairsOfMoments,
  runOn,
  withClient,
} from "../../test/corpora/moments.ts";
import { type Postgres15, startPostgres15 } from "../../test/corpora/postgres-15.ts";
import type { Bench } from "../bench.ts";
import { writeProject } from "../project.ts";
import { fill } from "./rows.ts";
import { beside, type Waited } from "./writers.ts";

const rows = Number(process.env.SLIPWAY_BENCH_ROWS ?? 1_000_000);
const only = process.env.SLIPWAY_BENCH_PAIRS ?? "";

type Pair = {
  readonly early: string;
  readonly late: string;
  readonly steps: readonly DifferenceStep[];
  /** Tables to fill, the best one first. */
  readonly busiest: readonly string[];
};

type Written = {
  /** Runs the command line in it. */
  slipway(url: string, ...argv: readonly string[]): SpawnSyncReturns<string>;
  /** A process of its own: what it reckons would keep writers of this one from hearing their answers. */
  migrate(url: string, heard: Heard): Promise<void>;
  /** The version of the first file. */
  readonly first: string;
};

/** A table in Markdown. */
export async function diff(bench: Bench): Promise<string> {
  const corpora = process.env.SLIPWAY_CORPORA ?? "";
  if (corpora === "") return "diff: SLIPWAY_CORPORA names no folder of histories\n";
  const server = await startPostgres15();
  if (server === undefined) return "diff: no PostgreSQL 15\n";
  const lines: string[] = [];
  try {
    for (const [name, early, late] of pairsOfMoments) {
      bench.signal.throwIfAborted();
      const title = `${name} ${early} → ${late}`;
      if (!title.includes(only)) continue;
      const at = (step: number) => moment(server, { corpora, name, step });
      const words = await measured(
        new Judge(server, bench),
        () => at(early),
        () => at(late),
      );
      const line = `| ${[title, ...words].join(" | ")} |`;
      console.error(line);
      lines.push(line);
    }
  } finally {
    await server.stop();
  }
  const head = `| two writers, ${rows} rows | table | steps | there | back | plain: longest write ms | files: longest write ms | plain: idle ms | files: idle ms | plain: refused | files: refused | plain: s | files: s |`;
  return [head, `| --- | --- | ---: | --- | --- | ${"---: | ".repeat(8)}`, ...lines, ""].join("\n");
}

async function measured(judge: Judge, ...ends: readonly (() => Promise<string>)[]) {
  try {
    const [early = "", late = ""] = [await ends[0]?.(), await ends[1]?.()];
    return await judge.measured(await pairOf(early, late));
  } catch (error) {
    return [`FAILED: ${(error as Error).message.split("\n")[0]}`];
  }
}

let count = 0;

class Judge {
  readonly #server: Postgres15;
  readonly #bench: Bench;

  constructor(server: Postgres15, bench: Bench) {
    this.#server = server;
    this.#bench = bench;
  }

  async measured(pair: Pair): Promise<readonly string[]> {
    const written = this.#written(pair);
    const [there, back] = await this.#judged(pair, written);
    const steps = String(pair.steps.length);
    for (const path of pair.busiest) {
      const found = await this.#tried(pair, { path, written });
      if (found === undefined) continue;
      const [plain, safe] = found;
      return [
        path.replaceAll('"', ""),
        ...[steps, there, back],
        ...[plain.longestMs, safe.longestMs, plain.idleMs, safe.idleMs].map((ms) => ms.toFixed(0)),
        ...[plain.refused, safe.refused].map(String),
        ...[plain.totalMs, safe.totalMs].map((ms) => (ms / 1000).toFixed(1)),
      ];
    }
    return ["none takes rows", steps, there, back, ...Array.from({ length: 8 }, () => "")];
  }

  #copy(url: string): Promise<string> {
    return databaseLike(this.#server, new URL(url).pathname.slice(1));
  }

  /** The files, and who runs the command line beside them. */
  #written({ early, late }: Pair): Written {
    const project = writeProject(join(this.#bench.folder, `diff_${count++}`), {
      count: 0,
      kind: "sql",
    });
    const optionsOf = (url: string) => ({
      ...{ cwd: project.folder, env: { ...process.env, DATABASE_URL: url } },
    });
    const slipway = (url: string, ...argv: readonly string[]) => {
      const words = [this.#bench.slipway, ...argv];
      return spawnSync(process.execPath, words, { ...optionsOf(url), encoding: "utf8" });
    };
    const migrate = async (url: string, heard: Heard) => {
      const words = [this.#bench.slipway, "migrate", "--log-migrations-sql"];
      const child = spawn(process.execPath, words, optionsOf(url));
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => heard.hear(text));
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(`migrate ended with ${code}: ${heard.last}`);
    };
    const urls = ["--from-url", early, "--to-url", late, "--shadow", this.#server.url];
    const made = slipway(early, "gen", "migration", "pair", "--diff", ...urls);
    if (made.status !== 0) throw new Error(`gen migration: ${made.stderr}`);
    const [first = ""] = readdirSync(project.migrations).toSorted();
    return { slipway, migrate, first: first.split("_")[0] ?? "" };
  }

  /** On an empty copy: whether both ways give the same lines. */
  async #judged(pair: Pair, { slipway, first }: Written): Promise<readonly [string, string]> {
    const url = await this.#copy(pair.early);
    const same = (other: string) => {
      const [one, two] = [dumpLines(this.#server, url), dumpLines(this.#server, other)];
      return JSON.stringify(one) === JSON.stringify(two) ? "equal" : "DIFFERS";
    };
    const up = slipway(url, "migrate");
    const there = up.status === 0 ? same(pair.late) : `FAILED: ${up.stderr.split("\n")[0]}`;
    const down = slipway(url, "rollback", "main", first);
    const back = down.status === 0 ? same(pair.early) : `FAILED: ${down.stderr.split("\n")[0]}`;
    return [there, back];
  }

  /** Nothing where the table takes no such rows, or the rows do not take the change. */
  async #tried(
    pair: Pair,
    { path, written }: { readonly path: string; readonly written: Written },
  ): Promise<readonly [Waited, Waited] | undefined> {
    const full = await this.#copy(pair.early);
    const table = await withClient(full, (client) => fill(client, path, rows));
    if (table === undefined) return undefined;
    const [one, two] = [await this.#copy(full), await this.#copy(full)];
    try {
      const sqls = pair.steps.flatMap(({ operation }) => postgresDialect.compile(operation));
      const plain = await beside(one, table, {
        rows,
        work: () => runOn(one, ["BEGIN", ...sqls.map(({ sql }) => sql), "COMMIT"]),
      });
      const heard = new Heard();
      const safe = await beside(two, table, { rows, work: () => written.migrate(two, heard) });
      console.error(heard.during(safe.longest));
      return [plain, safe];
    } catch (error) {
      console.error(`${path}: ${(error as Error).message}`);
      return undefined;
    } finally {
      for (const url of [full, one, two])
        await runOn(this.#server.url, [
          `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`,
        ]);
    }
  }
}

/** What a run says, and when. */
class Heard {
  readonly #said: { readonly at: number; readonly words: string }[] = [];

  hear(words: string): void {
    this.#said.push({ at: performance.now(), words });
  }

  get last(): string {
    return this.#said.at(-1)?.words ?? "";
  }

  /** What it said meanwhile, with what was said before and behind. */
  during([from, to]: readonly [from: number, to: number]): string {
    const first = this.#said.findLastIndex(({ at }) => at < from);
    const last = this.#said.findIndex(({ at }) => at > to);
    const near = this.#said.slice(Math.max(0, first), last + 1);
    return near.map(({ at, words }) => `${(at - from).toFixed(0)} ms: ${words}`).join("\n");
  }
}

/** Tables that both have, the one with the most changes first. */
function busiest(
  steps: readonly DifferenceStep[],
  { from, to }: { readonly from: SchemaCatalog; readonly to: SchemaCatalog },
): readonly string[] {
  const there = new Set(to.objects.map(({ id }) => id));
  const counts = from.objects.flatMap((object) => {
    if (object.kind !== "table" || !there.has(object.id) || object.partitionBy) return [];
    const { prefix = "public", name } = object.named;
    const own = steps.filter(({ operation }) =>
      JSON.stringify(operation).includes(`"name":"${name}"`),
    );
    const path = [prefix, name].map((part) => `"${part}"`).join(".");
    return own.length === 0 ? [] : [{ path, size: own.length }];
  });
  return counts.toSorted((a, b) => b.size - a.size).map(({ path }) => path);
}

const read = (url: string): Promise<SchemaCatalog> =>
  withClient(url, (client) => postgresCatalog.read(async (sql) => (await client.query(sql)).rows));

async function pairOf(early: string, late: string): Promise<Pair> {
  const ends = { from: await read(early), to: await read(late) };
  const { words } = postgresCatalog;
  if (words === undefined) throw new Error("PostgreSQL has words");
  const steps = difference({ ...ends, words, compile: postgresDialect.compile });
  return { early, late, steps, busiest: busiest(steps, ends) };
}
