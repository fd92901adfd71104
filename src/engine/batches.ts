/**
 * Fills rows that are there, batch by batch along a key. Each batch is short, so nobody waits long
 * for its rows. A run that was cut off continues after the key of the last row.
 */

import { columnFacts } from "../core/backfill/column-facts.ts";
import { Key, type KeyText } from "../core/backfill/key.ts";
import type { ColumnFill } from "../core/language/safe/column-fill.ts";
import type { Statement } from "../core/model/statement.ts";
import type { StepWork } from "./step-work.ts";

/** How many rows are one batch. */
const batchSize = 1_000;
/** How often a long backfill says how far it is. */
const tellEveryMs = 5_000;

export type Filling = {
  readonly work: StepWork;
  /** The key of the last row that is done. Default: none is. */
  readonly from: KeyText | undefined;
  /** Carries one batch out. `reached` is the key of its last row; without one it was the last batch. */
  readonly commit: (update: Statement, reached?: KeyText) => Promise<void>;
};

/** @throws when the table has no primary key and no key is given */
export async function fill(backfill: ColumnFill, filling: Filling): Promise<void> {
  const { work, commit } = filling;
  const { edge } = work.context;
  const key = await keyOf(backfill, work);
  let told = edge.now();
  let rows = 0;
  let after = filling.from;
  for (;;) {
    work.refuseToGoOn();
    const upTo = await lastOfBatch(backfill, { key, after }, work);
    await commit(updateOf(backfill, { key, after, upTo }, work), upTo);
    if (upTo === undefined) return;
    after = upTo;
    rows += batchSize;
    if (edge.now() - told < tellEveryMs) continue;
    told = edge.now();
    work.tell(`${rows} rows of ${backfill.table.name} done, up to ${key.names} ${key.shown(upTo)}`);
  }
}

type Bounds = {
  readonly key: Key;
  readonly after: KeyText | undefined;
  readonly upTo?: KeyText | undefined;
};

async function keyOf({ key, table }: ColumnFill, { session }: StepWork): Promise<Key> {
  const { dialect } = session;
  const names = key ?? (await primaryKeyOf(table, session));
  const rows = await session.query(dialect.backfill.tableFacts(table).columns);
  const columns = rows.map(columnFacts);
  return new Key(
    dialect,
    names.map((name) => {
      const column = columns.find((known) => known.name === name);
      if (column === undefined) throw new Error(`table ${table.name} has no column ${name}`);
      return column;
    }),
  );
}

async function primaryKeyOf(
  table: ColumnFill["table"],
  session: StepWork["session"],
): Promise<readonly string[]> {
  const rows = await session.query(session.dialect.primaryKeySql(table));
  if (rows.length > 0) return rows.map((row) => String(row.name));
  throw new Error(
    `table ${table.name} has no primary key for the backfill to walk along: name columns that are unique and not null as key`,
  );
}

/** The key of the last row of the next batch; `undefined` when fewer rows are left. */
async function lastOfBatch(
  { table }: ColumnFill,
  { key, after }: Bounds,
  { session }: StepWork,
): Promise<KeyText | undefined> {
  const { dialect } = session;
  const rest = after === undefined ? "" : ` WHERE ${key.behind(after)}`;
  const sql = `SELECT ${key.texts} FROM ${dialect.quoteNamed(table)}${rest} ORDER BY ${key.list} LIMIT 1 OFFSET ${batchSize - 1}`;
  // Where a database has such settings, no transaction is open here: what fills rows has one for each batch.
  const settings = dialect.backfill.settings?.("refuse") ?? [];
  const [row] = await session.query([...settings, sql].join(";\n"));
  return row && key.read(row);
}

function updateOf(
  { table, set, where }: ColumnFill,
  { key, after, upTo }: Bounds,
  { session: { dialect } }: StepWork,
): Statement {
  const conditions = [
    `(${where})`,
    ...(after === undefined ? [] : [key.behind(after)]),
    ...(upTo === undefined ? [] : [key.between(undefined, upTo)]),
  ];
  return {
    sql: `UPDATE ${dialect.quoteNamed(table)} SET ${set} WHERE ${conditions.join(" AND ")}`,
    policy: { kind: "plain" },
  };
}
