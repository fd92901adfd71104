/** Key types of a database, and what becomes of backfills over them: each is right, or refused before anything ran. */
import { defineBackfill, isReleaseError, sql } from "../../../src/index.ts";
import { releaseOn } from "../../conformance/support/release.ts";
import type { TestDatabase } from "../../support/databases.ts";

/** A type of key, with values as SQL literals in no order. */
export type KeyCase = {
  readonly type: string;
  readonly values: readonly string[];
  /** What the table is besides: `STRICT`. */
  readonly table?: string;
  /** Default: it is right. */
  readonly refused?: true;
};

export type KeyDatabase = Pick<TestDatabase, "adapter" | "query">;

/** What became of a backfill: `right`, `refused`, or what is wrong. */
export type Cell = string;

export const modes = ["set", "snapshot", "each", "insert"] as const;

const paces = { batchSize: 3, maxBatchSize: 3, parallel: 1 } as const;

/** Which of two columns make the key: the value alone, or behind one that says little. */
export const keys = { alone: ["k"], composite: ["g", "k"] } as const;

/**
 * Runs a backfill in each mode over a table with such a key. `same` compares two columns without any conversion.
 */
export async function runKeyCase(
  database: KeyDatabase,
  { type, values, table = "" }: KeyCase,
  key: keyof typeof keys,
  same: (one: string, other: string) => string,
): Promise<Readonly<Record<(typeof modes)[number], Cell>>> {
  await database.query("drop table if exists things");
  await database.query("drop table if exists copies");
  const unique = keys[key].join(", ");
  const counts = modes.map((mode) => `n_${mode} int not null default 0`).join(", ");
  const rows = values.map((value, i) => `(${i % 3}, ${value}, ${value})`);
  for (const statement of [
    `create table things (g int not null, k ${type} not null, v ${type}, copy ${type}, ${counts}, unique (${unique})) ${table}`,
    `create table copies (k ${type}) ${table}`,
    `insert into things (g, k, v) values ${rows.join(", ")}`,
  ])
    await database.query(statement);
  const cells: [string, Cell][] = [];
  for (const [i, mode] of modes.entries())
    cells.push([mode, await runMode(database, { mode, version: i + 1, key, same })]);
  return Object.fromEntries(cells) as Record<(typeof modes)[number], Cell>;
}

async function runMode(
  database: KeyDatabase,
  of: {
    readonly mode: (typeof modes)[number];
    readonly version: number;
    readonly key: keyof typeof keys;
    readonly same: (one: string, other: string) => string;
  },
): Promise<Cell> {
  const { mode, version, same } = of;
  const place = { table: "things", key: [...keys[of.key]], ...paces };
  const definitions = {
    set: { ...place, set: { n_set: sql`n_set + 1` } },
    snapshot: { ...place, snapshot: true, set: { n_snapshot: sql`n_snapshot + 1` } },
    each: {
      ...place,
      each: (row: Readonly<Record<string, unknown>>) => ({
        n_each: Number(row.n_each) + 1,
        copy: row.v,
      }),
    },
    insert: { ...place, insert: { into: "copies", columns: { k: sql`k` } } },
  } as const;
  const dataMigrations = { [`${version}_keys`]: defineBackfill(definitions[mode]) };
  const { release } = releaseOn(database, {}, { dataMigrations });
  try {
    await release.migrateData();
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    const begun = (await release.backfills.list()).some((run) => run.version === String(version));
    return error.code === "backfill_refused" && !begun ? "refused" : error.message;
  }
  const wrong = {
    set: "n_set <> 1",
    snapshot: "n_snapshot <> 1",
    each: `n_each <> 1 or not (${same("v", "copy")})`,
    insert: `(select count(*) from copies where ${same("copies.k", "things.k")}) <> (select count(*) from things as others where ${same("others.k", "things.k")})`,
  }[mode];
  const [row] = await database.query(`select count(*) as n from things where ${wrong}`);
  return Number(row?.n) === 0 ? "right" : `${row?.n} rows wrong`;
}
