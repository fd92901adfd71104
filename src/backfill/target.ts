/** Joins a backfill with its table: everything that can be decided before a write. */
import type { Session } from "../adapters/adapter.ts";
import type { Backfill } from "../core/backfill/backfill.ts";
import { Key } from "../core/backfill/key.ts";
import type { RunKey } from "../core/backfill/ledger.ts";
import type { ColumnFacts } from "../core/language/backfill-sql.ts";
import { dotted } from "../core/language/describe.ts";
import type { Dialect } from "../core/language/dialect.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { readTableFacts, type TableFacts } from "./table-facts.ts";

/** Which backfill, for messages and for the ledger. */
export type BackfillRef = {
  readonly repo: string;
  readonly version: Version;
  readonly name: string;
  readonly history: Named;
};

export type BackfillTarget = {
  readonly ref: BackfillRef;
  readonly backfill: Backfill;
  readonly facts: TableFacts;
  /** The key in a query over the table, or over the snapshot, alone. */
  readonly key: Key;
  /** Where keys are walked: the table, or the snapshot of its keys. */
  readonly source: Named;
  /** The condition of the rows that are to be changed, with an AND before it; empty for all. */
  readonly condition: string;
  /**
   * The first statement of each transaction, which makes names mean the objects of a tenant's
   * schema. Default: it is no tenant's.
   */
  readonly enter?: string | undefined;
  /** The columns that code sees. */
  readonly columns: readonly ColumnFacts[];
};

/** @throws {ReleaseError} `backfill_refused` when the table, a column or the key does not do */
export async function readTarget(
  session: Session,
  ref: BackfillRef,
  backfill: Backfill,
  enter?: string,
): Promise<BackfillTarget> {
  const refused = (reason: string, hint: string) => {
    const { repo, version, name } = ref;
    return new ReleaseError("backfill_refused", { repo, version, name, reason, hint });
  };
  const { dialect } = session;
  const table = dotted(backfill.table);
  const facts = await readTableFacts(session, backfill.table);
  if (facts === undefined)
    throw refused(
      `there is no table ${table}`,
      "Run the schema migrations first, or correct the name.",
    );
  const find = (name: string) => {
    const column = facts.columns.find((known) => known.name === name);
    if (column === undefined)
      throw refused(
        `${table} has no column ${name}`,
        "Run the schema migrations first, or correct the name.",
      );
    return column;
  };
  await refuseLasting(session, backfill, { facts, refused });
  const keyColumns = backfill.key.map(find);
  const problem = wrongKey(keyColumns, facts, { dialect, backfill });
  if (problem !== undefined) throw refused(`${table}: ${problem}`, keyHint);
  const nullKeySql = dialect.backfill.nullKeySql?.(backfill.table, backfill.key);
  if (nullKeySql !== undefined && (await session.query(nullKeySql)).length > 0)
    throw refused(
      `${table}: a row has NULL as ${backfill.key.join(", ")}, and would not be visited`,
      "Give each row a key, and declare it NOT NULL.",
    );
  if (backfill.mode.kind === "set") for (const name of Object.keys(backfill.mode.set)) find(name);
  const key = new Key(dialect, keyColumns);
  return {
    ...{ ref, backfill, facts, source: sourceOf(ref, backfill) },
    condition: conditionOf(ref, backfill, key),
    ...{ key, enter },
    columns: (backfill.columns ?? facts.columns.map((column) => column.name)).map(find),
  };
}

/** A batch that cannot be rolled back would be done again, in part or whole. */
async function refuseLasting(
  session: Session,
  { table, mode }: Backfill,
  on: {
    readonly facts: TableFacts;
    readonly refused: (reason: string, hint: string) => ReleaseError;
  },
): Promise<void> {
  const into = mode.kind === "insert" ? mode.insert.into : undefined;
  const written = into ?? table;
  const facts = into === undefined ? on.facts : await readTableFacts(session, into);
  const engine = facts?.lastingEngine;
  if (engine === undefined) return;
  const name = dotted(written);
  throw on.refused(
    `${name} is kept by ${engine}, which cannot roll back: a batch that fails would be done twice`,
    `Change it first: ALTER TABLE ${name} ENGINE = InnoDB.`,
  );
}

/** The table that keeps the keys of a snapshot. */
export function snapshotTable({ history, version }: RunKey): Named {
  return { ...history, name: `slipway_keys_${version}` };
}

function sourceOf(ref: BackfillRef, { snapshot, table }: Backfill): Named {
  return snapshot ? snapshotTable(ref) : table;
}

/** A snapshot applied the condition when it was made, so its keys are enough. */
function conditionOf(ref: BackfillRef, backfill: Backfill, key: Key): string {
  const { snapshot, where, table } = backfill;
  if (!snapshot) return where === undefined ? "" : ` AND (${where})`;
  return ` AND ${key.isIn(snapshotTable(ref), table)}`;
}

const keyHint =
  "Name as key the columns of a primary key, or of a unique index whose columns are NOT NULL.";

/** A key that is not unique would lose rows between two batches, one with NULL the rows that have it. */
function wrongKey(
  columns: readonly ColumnFacts[],
  facts: TableFacts,
  { dialect, backfill }: { readonly dialect: Dialect; readonly backfill: Backfill },
): string | undefined {
  const names = columns.map((column) => column.name);
  const isUnique = facts.uniqueKeys.some(
    (unique) => unique.length <= names.length && unique.every((name) => names.includes(name)),
  );
  // A batch of SQL takes all rows of its keys, however many have the same one.
  const isSql = backfill.mode.kind === "set" || backfill.mode.kind === "insert";
  if (facts.heirs !== undefined && (!isSql || backfill.snapshot))
    return `tables inherit from it (${facts.heirs}), and a key is not unique among them: use set or insert without snapshot, or a backfill for each that inherits`;
  if (!isUnique) return `no unique index has the key ${names.join(", ")}`;
  const nullable = columns.find((column) => !column.notNull);
  if (nullable !== undefined) return `${nullable.name} may be NULL`;
  // Rows whose key each change moves to the present would be visited again, or put others in another order.
  const moving = columns.find((column) => column.moves);
  if (moving !== undefined && backfill.mode.kind !== "insert")
    return `each change of a row changes ${moving.name} (ON UPDATE CURRENT_TIMESTAMP)`;
  const inexact = columns.find((column) => dialect.backfill.withoutText.test(column.base));
  return inexact && `keys of the type ${inexact.type} have no exact text (${inexact.name})`;
}
