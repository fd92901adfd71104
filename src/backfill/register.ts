/** The start of a run: its row, its ranges and the snapshot of its keys, made once, under the migration lock. */

import { randomUUID } from "node:crypto";
import type { Session } from "../adapters/adapter.ts";
import { ledgerTables } from "../core/backfill/ledger.ts";
import type { Dialect } from "../core/language/dialect.ts";
import type { Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { checksum } from "../engine/checksum.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import { keyJson } from "./key.ts";
import { ensureLedger, insertInto, type RunRow, readRuns } from "./ledger.ts";
import { lift, limit, transactionLimits, unhurried, withValues } from "./limits.ts";
import { analyze, cutRanges, type Range } from "./ranges.ts";
import { inTransaction, rollBack } from "./statement.ts";
import { type BackfillTarget, readTarget, snapshotTable } from "./target.ts";

/** Checksums of a backfill's place and of its work, code included. */
export function codeOf({ backfill }: BackfillTarget): string {
  return [backfill.place, backfill.code].map((text) => checksum(text).slice(0, 16)).join("");
}

/** Whether two of those are of the same place: then the ranges of the one are ranges of the other. */
export function isSamePlace(one: string, other: string): boolean {
  return one.slice(0, 16) === other.slice(0, 16);
}

type Registering = RunFacts & {
  /** Says that the migration lock is still held. */
  readonly proof: readonly Statement[];
  /** The changes of its pace before it began, as JSON. Default: none. */
  readonly pace?: string;
  /** Whether several may do so at once without the lock, where the tables are made. Default: `false`. */
  readonly shared?: true;
};

/** Makes the run where there is none yet; `isOthers` where somebody else has just done so. */
export async function register(
  session: Session,
  target: BackfillTarget,
  facts: Registering,
): Promise<RunRow & { readonly isOthers?: true }> {
  const { history, version } = target.ref;
  if (facts.shared !== true) await ensureLedger(session, { table: history, repo: target.ref.repo });
  const [known] = await readRuns(session, history, version);
  if (known !== undefined) return facts.shared === true ? { ...known, isOthers: true } : known;
  // Before the keys are read: a table that takes the place of this one meanwhile is found by the first batch.
  const identity = await session.tableIdentity?.(target.backfill.table);
  const begun = await prepareSource(session, target);
  const limits = transactionLimits(session, begun);
  await limit(session, begun);
  const ranges = await inTransaction(session, () => cutRanges(session, begun), limits);
  await lift(session, begun);
  const { dialect } = session;
  const rows = rowsOf(session, begun, { ranges, facts, identity });
  const isFirst = await wrote(session, [
    ...[plain(dialect.begin), ...facts.proof, ...rows, plain(dialect.commit)],
  ]);
  const [made] = await readRuns(session, history, version);
  if (made === undefined) throw new Error("the run of the backfill is gone");
  return isFirst ? made : { ...made, isOthers: true };
}

/** Whether it was the first to do so. */
async function wrote(session: Session, statements: readonly Statement[]): Promise<boolean> {
  try {
    await session.execute(statements);
    return true;
  } catch (error) {
    if (session.errorKind(error) !== "duplicate_key") throw error;
    await rollBack(session);
    return false;
  }
}

/** Statistics and the snapshot. What an earlier try left of one is made anew. */
async function prepareSource(session: Session, target: BackfillTarget): Promise<BackfillTarget> {
  const { backfill, ref } = target;
  const { dialect } = session;
  if (backfill.snapshot) {
    const kept = dialect.quoteNamed(snapshotTable(ref));
    const columns = backfill.key.map((name) => dialect.quote(name)).join(", ");
    const where = backfill.where === undefined ? "" : ` WHERE ${backfill.where}`;
    const sqls = [
      `DROP TABLE IF EXISTS ${kept}`,
      ...keptSqls(
        target,
        dialect,
        `SELECT ${columns} FROM ${dialect.quoteNamed(backfill.table)}${where}`,
      ),
      `CREATE UNIQUE INDEX ${dialect.quote(`${snapshotTable(ref).name}_index`)} ON ${kept} (${columns})`,
    ];
    const make = () => session.execute(sqls.map(plain));
    await unhurried(session, target, () => withValues(session, target, make));
    const [row] = await session.query(
      `SELECT ${dialect.builtin("count")}(*) AS rows_kept FROM ${kept}`,
    );
    const facts = { ...target.facts, estimate: undefined };
    await analyze(session, { ...target, facts });
    return { ...target, facts: { ...facts, estimate: Number(row?.rows_kept) } };
  }
  await analyze(session, target);
  return await readTarget(session, ref, backfill, target.enter);
}

/** A copy that loses what orders its columns would have another order than the table. */
function keptSqls(
  { ref, key }: BackfillTarget,
  dialect: Dialect,
  select: string,
): readonly string[] {
  const kept = dialect.quoteNamed(snapshotTable(ref));
  if (!dialect.backfill.declaresCopies) return [`CREATE TABLE ${kept} AS ${select}`];
  const columns = key.columns.map(
    ({ name, type, collation }) =>
      `${dialect.quote(name)} ${type}${collation === undefined ? "" : ` COLLATE ${collation}`}`,
  );
  return [`CREATE TABLE ${kept} (${columns.join(", ")})`, `INSERT INTO ${kept} ${select}`];
}

function rowsOf(
  session: Session,
  target: BackfillTarget,
  of: {
    readonly ranges: readonly Range[];
    readonly facts: Registering;
    readonly identity: string | undefined;
  },
): readonly Statement[] {
  const { dialect } = session;
  const { ranges, facts, identity } = of;
  const { history, version, name } = target.ref;
  const tables = ledgerTables(history);
  const text = (value: unknown) => dialect.literal(value);
  const now = dialect.backfill.nowMs;
  const id = randomUUID();
  const run = insertInto(session, tables.runs, {
    history: text(history.name),
    version,
    id: text(id),
    name: text(name),
    state: text("running"),
    code: text(codeOf(target)),
    pace: text(facts.pace ?? "{}"),
    estimate: String(target.facts.estimate ?? 0),
    started_ms: now,
    release: text(facts.release),
    host: text(facts.host),
    table_identity: text(identity),
  });
  return [
    run,
    ...ranges.map((range, i) => rangeRow(session, target, { id, ord: String(i), range })),
  ];
}

/** A range that nobody has begun. `ord` is SQL. */
export function rangeRow(
  session: Session,
  { ref }: BackfillTarget,
  { id, ord, range }: { readonly id: string; readonly ord: string; readonly range: Range },
): Statement {
  const { dialect } = session;
  const lo = range.lo === undefined ? "NULL" : dialect.literal(keyJson(range.lo));
  return insertInto(session, ledgerTables(ref.history).ranges, {
    run: dialect.literal(id),
    ord,
    ...{ lo, position: lo, hi: dialect.literal(keyJson(range.hi)) },
    state: dialect.literal("open"),
    ...{ token: "0", leased_until_ms: "0", rows_seen: "0", rows_changed: "0" },
    ...{ batches: "0", wal_bytes: "0", busy_ms: "0", updated_ms: dialect.backfill.nowMs },
  });
}
