/** One cell of the kind sweep: a backfill of one mode, along a key of one type. Any framework may run it. */
import type { Adapter, Row } from "../../../src/adapters/adapter.ts";
import { defineBackfill, defineRelease, isReleaseError, sql } from "../../../src/index.ts";
import { silent } from "../../../src/reporters/silent.ts";

/** A type of a key, and values of it as SQL: no two are the same to the database. */
export type KeyType = {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  /** Whether it must be refused; `undefined`: either will do. */
  readonly refused?: boolean | undefined;
};

/** Where cells run: as a user whose settings are hostile, looked at by one whose settings are not. */
export type Place = {
  readonly adapter: Adapter;
  look(sql: string): Promise<readonly Row[]>;
  /** The condition that both are the same value, of the same text. */
  same(one: string, other: string): string;
  /** A text for all keys of a table, which the server makes. */
  checksum(table: string): string;
  /** The condition of the key that code was given as the parameter. */
  isKey(type: string): string;
};

type Definition = Parameters<typeof defineBackfill>[0];
type Mode = (table: string, place: Place, type: string) => Omit<Definition, "table" | "key">;

const set = { hit: sql`hit + 1`, copy: sql`k` };
const change = (row: Readonly<Record<string, unknown>>) => ({
  hit: Number(row.hit) + 1,
  copy: row.k,
});

/** All that a backfill can do. */
export const modes: Readonly<Record<string, Mode>> = {
  set: () => ({ set }),
  "set over a snapshot": () => ({ set, snapshot: true }),
  each: () => ({ each: change }),
  "each over a snapshot": () => ({ each: change, snapshot: true }),
  "each by two columns": () => ({ each: change }),
  effect: () => ({ effect: async (row) => change(row) }),
  insert: (table) => ({
    insert: {
      into: `${table}_into`,
      columns: { part: sql`part`, k: sql`k`, hit: sql`hit + 1`, copy: sql`k` },
    },
  }),
  batch: (table, place, type) => ({
    batch: async (rows, db) => {
      for (const { k } of rows)
        await db.query(`update ${table} set hit = hit + 1, copy = k where ${place.isKey(type)}`, [
          k,
        ]);
    },
  }),
};

const small = { batchSize: 3, maxBatchSize: 3, parallel: 1, maxFailures: 0 };
let last = 0;

/** `right`: each row exactly once, as the server says; `refused`: before anything ran. Anything else is wrong. */
export async function runCell(place: Place, key: KeyType, mode: string): Promise<string> {
  last += 1;
  const table = `t${last}`;
  const isPair = mode === "each by two columns";
  await make(place, key, { table, isPair });
  const before = await place.look(place.checksum(table));
  const definition = modes[mode]?.(table, place, key.type) ?? {};
  const backfill = defineBackfill({
    ...small,
    ...{ table, key: isPair ? ["part", "k"] : "k" },
    ...definition,
  } as Definition);
  const dataMigrations = { [`${last}_cell`]: backfill };
  const main = { adapter: place.adapter, migrations: {}, dataMigrations, safe: "off" as const };
  const release = defineRelease({ app: "kinds", repos: { main } }).using({ emit: silent });
  let refused: string | undefined;
  try {
    await release.migrateData();
  } catch (error) {
    refused = isReleaseError(error) ? error.code : String(error);
    if (!(await hasBegun(place))) {
      const [touched] = await place.look(`select count(*) as n from ${table} where hit <> 0`);
      if (Number(touched?.n) === 0 && refused === "backfill_refused") return "refused";
    }
    return `wrong: ${error instanceof Error ? error.message : String(error)}`;
  }
  const into = mode === "insert" ? `${table}_into` : table;
  const [row] = await place.look(
    `select count(*) as n, sum(case when hit = 1 and ${place.same("copy", "k")} then 1 else 0 end) as fine from ${into}`,
  );
  const after = await place.look(place.checksum(into));
  const isRight =
    Number(row?.n) === key.values.length &&
    Number(row?.fine) === key.values.length &&
    JSON.stringify(before) === JSON.stringify(after);
  return isRight ? "right" : `wrong: ${row?.fine} of ${row?.n} rows are as they should be`;
}

async function make(
  place: Place,
  { type, values }: KeyType,
  { table, isPair }: { readonly table: string; readonly isPair: boolean },
): Promise<void> {
  const unique = isPair ? "part, k" : "k";
  for (const name of [table, `${table}_into`])
    await place.look(
      `create table ${name} (part integer not null, k ${type} not null, hit integer not null default 0, copy ${type} null, primary key (${unique}))`,
    );
  const rows = values.map((value, i) => `(${i % 2}, ${value})`);
  await place.look(`insert into ${table} (part, k) values ${rows.join(", ")}`);
}

async function hasBegun({ look }: Place): Promise<boolean> {
  try {
    return (await look(`select 1 from slipway_backfills where version = ${last}`)).length > 0;
  } catch {
    // No run was ever registered here.
    return false;
  }
}
