/**
 * Fills rows that are there, batch by batch along a key. Each batch is short, so nobody waits long for its rows,
 * and the key of its last row is where a run that was cut off goes on.
 */

import type { Backfill } from "../core/language/safe/column-fill.ts";
import type { Statement } from "../core/model/statement.ts";
import type { StepWork } from "./step-work.ts";

/** How many rows are one batch. */
const batchSize = 1_000;
/** How often a long backfill says how far it is. */
const tellEveryMs = 5_000;

export type Filling = {
  readonly work: StepWork;
  /** The key of the last row that is done. Default: none is. */
  readonly from: readonly string[] | undefined;
  /** Carries one batch out. `reached` is the key of its last row; without one it was the last batch. */
  readonly commit: (update: Statement, reached?: readonly string[]) => Promise<void>;
};

/** @throws when the table has no primary key and no key is given */
export async function fill(backfill: Backfill, filling: Filling): Promise<void> {
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
    work.tell(
      `${rows} rows of ${backfill.table.name} done, up to ${key.join(", ")} ${upTo.join(", ")}`,
    );
  }
}

type Bounds = {
  readonly key: readonly string[];
  readonly after: readonly string[] | undefined;
  readonly upTo?: readonly string[] | undefined;
};

async function keyOf({ key, table }: Backfill, { session }: StepWork): Promise<readonly string[]> {
  if (key !== undefined) return key;
  const rows = await session.query(session.dialect.primaryKeySql(table));
  if (rows.length > 0) return rows.map((row) => String(row.name));
  throw new Error(
    `table ${table.name} has no primary key for the backfill to walk along: name columns that are unique and not null as key`,
  );
}

/** The key of the last row of the next batch; `undefined` when fewer rows are left. */
async function lastOfBatch(
  { table }: Backfill,
  bounds: Bounds,
  { session }: StepWork,
): Promise<readonly string[] | undefined> {
  const { dialect } = session;
  const { key, after } = bounds;
  const columns = key.map((name) => dialect.quote(name));
  const texts = columns.map((column, i) => `${dialect.castToText(column)} AS k${i}`);
  const rest = after === undefined ? "" : ` WHERE ${beyond(bounds, ">", after, session.dialect)}`;
  const [row] = await session.query(
    `SELECT ${texts.join(", ")} FROM ${dialect.quoteNamed(table)}${rest} ORDER BY ${columns.join(", ")} LIMIT 1 OFFSET ${batchSize - 1}`,
  );
  return row === undefined ? undefined : key.map((_, i) => String(row[`k${i}`]));
}

function updateOf(
  { table, set, where }: Backfill,
  bounds: Bounds,
  { session: { dialect } }: StepWork,
): Statement {
  const { after, upTo } = bounds;
  const conditions = [
    `(${where})`,
    ...(after === undefined ? [] : [beyond(bounds, ">", after, dialect)]),
    ...(upTo === undefined ? [] : [beyond(bounds, "<=", upTo, dialect)]),
  ];
  return {
    sql: `UPDATE ${dialect.quoteNamed(table)} SET ${set} WHERE ${conditions.join(" AND ")}`,
    policy: { kind: "plain" },
  };
}

/** Texts are literals without a type, so each becomes what its column is. */
function beyond(
  { key }: Bounds,
  sign: ">" | "<=",
  texts: readonly string[],
  dialect: StepWork["session"]["dialect"],
): string {
  const row = (parts: readonly string[]) =>
    parts.length === 1 ? String(parts[0]) : `(${parts.join(", ")})`;
  const columns = row(key.map((name) => dialect.quote(name)));
  return `${columns} ${sign} ${row(texts.map((text) => dialect.literal(text)))}`;
}
