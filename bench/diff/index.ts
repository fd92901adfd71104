/**
 * Moments of real histories: what `gen migration --diff` writes brings the early schema to the late one and back, judged
 * by `pg_dump`, while two writers are at work on a table of a million rows; beside it the same difference as plain DDL.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { difference } from "../../src/core/difference/difference.ts";
import type { DifferenceStep } from "../../src/core/difference/steps.ts";
import { defineRelease } from "../../src/index.ts";
import { type Postgres15, startPostgres15 } from "../../test/corpora/postgres-15.ts";
import { withoutNoise } from "../../test/corpora/schema-hash.ts";
import type { Bench } from "../bench.ts";
import { connect } from "../load.ts";
import { writeProject } from "../project.ts";
import { type FilledTable, fill } from "./rows.ts";
import { beside, type Waited } from "./writers.ts";

const rows = Number(process.env.SLIPWAY_BENCH_ROWS ?? 1_000_000);

/** How many of a history have run at the first moment, and at the second. */
const pairs: readonly (readonly [name: string, early: number, late: number])[] = [
  ["authelia-postgres", 9, 26],
  ["odd-platform", 40, 95],
  ["odd-platform", 70, 90],
  ["crates-io", 100, 285],
  ["crates-io", 200, 260],
  ["minder", 50, 117],
  ["langfuse", 150, 434],
  ["langfuse", 300, 400],
  ["dokploy", 60, 186],
  ["dokploy", 120, 150],
];

type Pair = {
  readonly early: string;
  readonly late: string;
  readonly steps: readonly DifferenceStep[];
};

/** A table in Markdown. */
export async function diff(bench: Bench): Promise<string> {
  const corpora = process.env.SLIPWAY_CORPORA ?? "";
  if (corpora === "") return "diff: SLIPWAY_CORPORA names no folder of histories\n";
  const server = await startPostgres15();
  if (server === undefined) return "diff: no PostgreSQL 15\n";
  const lines: string[] = [];
  try {
    for (const [name, early, late] of pairs) {
      bench.signal.throwIfAborted();
      if (!existsSync(join(corpora, name))) throw new Error(`${name} is not in ${corpora}`);
      const words = await new Moments(server, bench, join(corpora, name)).measured(early, late);
      const line = `| ${[`${name} ${early} → ${late}`, ...words].join(" | ")} |`;
      console.error(line);
      lines.push(line);
    }
  } finally {
    await server.stop();
  }
  const head = `| two writers, ${rows} rows | table | steps | there | back | plain: longest write ms | files: longest write ms | idle | plain: s | files: s |`;
  return [head, `| --- | --- | ---: | --- | --- | ${"---: | ".repeat(5)}`, ...lines, ""].join("\n");
}

let count = 0;

class Moments {
  readonly #server: Postgres15;
  readonly #bench: Bench;
  readonly #history: string;

  constructor(server: Postgres15, bench: Bench, history: string) {
    this.#server = server;
    this.#bench = bench;
    this.#history = history;
  }

  async measured(from: number, to: number): Promise<readonly string[]> {
    const [early, late] = [await this.#moment(from), await this.#moment(to)];
    const ends = { from: await read(early), to: await read(late) };
    const { words } = postgresCatalog;
    if (words === undefined) throw new Error("PostgreSQL has words");
    const steps = difference({ ...ends, words, compile: postgresDialect.compile });
    const pair = { early, late, steps };
    const [there, back] = await this.#judged(pair);
    for (const path of busiest(steps, ends)) {
      const found = await this.#tried(pair, path);
      if (found === undefined) continue;
      const [plain, safe] = found;
      return [
        path.replaceAll('"', ""),
        ...[String(steps.length), there, back],
        ...[plain.longestMs, safe.longestMs, safe.idleMs].map((ms) => ms.toFixed(0)),
        ...[plain.totalMs, safe.totalMs].map((ms) => (ms / 1000).toFixed(1)),
      ];
    }
    return ["none takes rows", String(steps.length), there, back, "", "", "", "", ""];
  }

  /** A database of the first so many migrations, without rows and without what Slipway keeps. */
  async #moment(step: number): Promise<string> {
    const url = await this.#database("template0");
    const repos = { main: { adapter: postgres({ url }), migrations: this.#history } };
    const silent = { write: () => undefined, emit: () => undefined, inUse: false };
    await defineRelease({ app: "moments", repos }).using(silent).migrate({ repo: "main", step });
    await run(url, [emptied]);
    return url;
  }

  async #database(template: string): Promise<string> {
    const name = `moment_${count++}`;
    await run(this.#server.url, [`CREATE DATABASE ${name} TEMPLATE ${template}`]);
    return this.#at(name);
  }

  #at(name: string): string {
    const url = new URL(this.#server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  #copy(url: string): Promise<string> {
    return this.#database(new URL(url).pathname.slice(1));
  }

  /** The files, and who runs the command line beside them. */
  #written({ early, late }: Pair) {
    const project = writeProject(join(this.#bench.folder, `diff_${count++}`), {
      count: 0,
      kind: "sql",
    });
    const slipway = (url: string, ...argv: readonly string[]) => {
      const env = { ...process.env, DATABASE_URL: url };
      const argvOf = [this.#bench.slipway, ...argv];
      return spawnSync(process.execPath, argvOf, { cwd: project.folder, env, encoding: "utf8" });
    };
    const urls = ["--from-url", early, "--to-url", late, "--shadow", this.#server.url];
    const made = slipway(early, "gen", "migration", "pair", "--diff", ...urls);
    if (made.status !== 0) throw new Error(`gen migration: ${made.stderr}`);
    const [first = ""] = readdirSync(project.migrations).toSorted();
    return { slipway, project, first: first.split("_")[0] ?? "" };
  }

  /** On an empty copy: whether both ways give the same lines. */
  async #judged(pair: Pair): Promise<readonly [string, string]> {
    const { slipway, first } = this.#written(pair);
    const url = await this.#copy(pair.early);
    const same = (other: string) =>
      JSON.stringify(this.#dump(url)) === JSON.stringify(this.#dump(other)) ? "equal" : "DIFFERS";
    const up = slipway(url, "migrate");
    const there = up.status === 0 ? same(pair.late) : `FAILED: ${up.stderr.split("\n")[0]}`;
    const down = slipway(url, "rollback", "main", first);
    const back = down.status === 0 ? same(pair.early) : `FAILED: ${down.stderr.split("\n")[0]}`;
    return [there, back];
  }

  #dump(url: string): readonly string[] {
    const ours = ["schema_migrations", "slipway_*"].map((table) => `--exclude-table=*.${table}`);
    const args = ["-s", "-O", "-x", ...ours, "-d", url];
    const dump = execFileSync(this.#server.pgDump, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
    return withoutNoise(dump)
      .map((line) => settled(line.replace(/,$/, "")))
      .toSorted();
  }

  /** Nothing where the table takes no such rows, or the rows do not take the change. */
  async #tried(pair: Pair, path: string): Promise<readonly [Waited, Waited] | undefined> {
    const full = await this.#copy(pair.early);
    const table = await filled(full, path);
    if (table === undefined) return undefined;
    const [one, two] = [await this.#copy(full), await this.#copy(full)];
    try {
      const sqls = pair.steps.flatMap(({ operation }) => postgresDialect.compile(operation));
      const plain = await beside(one, table, {
        rows,
        work: () => run(one, ["BEGIN", ...sqls.map(({ sql }) => sql), "COMMIT"]),
      });
      const { project } = this.#written(pair);
      const safe = await beside(two, table, {
        rows,
        work: async () => {
          const repos = {
            main: { adapter: postgres({ url: two }), migrations: project.migrations },
          };
          const silent = { write: () => undefined, emit: () => undefined };
          await defineRelease({ app: "diff", repos }).using(silent).migrate();
        },
      });
      return [plain, safe];
    } catch (error) {
      console.error(`${path}: ${(error as Error).message}`);
      return undefined;
    } finally {
      for (const url of [full, one, two])
        await run(this.#server.url, [
          `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`,
        ]);
    }
  }
}

const emptied = `DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'
  LOOP EXECUTE format('TRUNCATE %s CASCADE', t); END LOOP;
  FOR t IN SELECT c.oid FROM pg_class c
    WHERE c.relkind = 'r' AND c.relname ~ '^(slipway_|schema_migrations$|flyway_schema_history$|_prisma_migrations$)'
  LOOP EXECUTE format('DROP TABLE %s CASCADE', t); END LOOP; END $$`;

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

async function filled(url: string, path: string): Promise<FilledTable | undefined> {
  const client = await connect(url);
  try {
    return await fill(client, path, rows);
  } finally {
    await client.end();
  }
}

async function read(url: string): Promise<SchemaCatalog> {
  const client = await connect(url);
  try {
    return await postgresCatalog.read(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

async function run(url: string, sqls: readonly string[]): Promise<void> {
  const client = await connect(url);
  try {
    for (const sql of sqls) await client.query(sql);
  } finally {
    await client.end();
  }
}
