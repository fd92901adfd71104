/**
 * The table rebuild, where SQLite cannot make the changes in place: a new table, all rows into it, the old one away, the new one in its place.
 *
 * It follows the twelve steps of https://www.sqlite.org/lang_altertable.html#otheralter but for the first and
 * the last: `PRAGMA foreign_keys = OFF` does nothing inside a transaction
 * (https://www.sqlite.org/pragma.html#pragma_foreign_keys), and a migration is one transaction. With foreign
 * keys on, DROP TABLE deletes the rows of the old table first and so carries out the ON DELETE actions of
 * everything that refers to it (https://www.sqlite.org/foreignkeys.html#fk_schemacommands). So while the tables
 * change places, the foreign keys to and from the table are taken out of the catalog's text and put back letter
 * by letter, which the same page documents for changes that do not touch the rows. What a migration does
 * besides has its foreign keys enforced by SQLite, actions included.
 */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { changeTable } from "../table-sql/change-table.ts";
import type { ChangedTable } from "../table-sql/changed-table.ts";
import { parseTable } from "../table-sql/parse-table.ts";
import { hasName, printTable, sameName, withoutForeignKeys } from "../table-sql/table-sql.ts";
import { atomically } from "./atomically.ts";
import {
  attachments,
  type CatalogEntry,
  freeName,
  indexedColumns,
  referringTables,
  rowidToKeep,
  storedTable,
} from "./catalog.ts";
import { handOver, renameQuietly } from "./change-places.ts";
import { refuseNewViolations, violations } from "./foreign-key-check.ts";
import { alteredInPlace, changesInPlace } from "./in-place.ts";
import type { SqliteProcedureInputs } from "./procedure.ts";
import { schemaComplaint, tryTexts, writeSchemaText } from "./schema-text.ts";
import { keepingTriggers } from "./trigger-breaks.ts";

/** Everything that is decided before the first write. */
type RebuildPlan = {
  readonly old: CatalogEntry;
  readonly changed: ChangedTable;
  /** The name of the new table until it takes the old one's place. */
  readonly temporary: string;
  readonly referring: readonly CatalogEntry[];
  readonly attachments: readonly CatalogEntry[];
};

/**
 * Throws when the table or a part to change is missing, and when rows or keys do not fit; then
 * nothing has changed.
 */
export function rebuild(db: SqliteDatabase, input: SqliteProcedureInputs["rebuild"]): void {
  const plan = planRebuild(db, input);
  if (plan === undefined) return;
  const table = { name: plan.old.name, sql: parseTable(plan.old.sql) };
  const inPlace = changesInPlace(db, table, input.changes);
  if (inPlace !== undefined && alteredInPlace(db, inPlace)) return;
  const tables = [plan.old.name, ...plan.referring.map(({ name }) => name)];
  try {
    atomically(db, () => {
      const before = violations(db, [...new Set(tables)]);
      const complaint = schemaComplaint(db);
      const dropped = { table: plan.old.name, columns: plan.changed.removed };
      const build = () => {
        copyRows(db, plan);
        changePlaces(db, plan);
        for (const { sql } of plan.attachments) db.exec(sql);
        refuseNewViolations(before, violations(db, [...new Set(tables)]));
      };
      if (dropped.columns.length === 0) build();
      else keepingTriggers(db, dropped, build);
      if (complaint === undefined) refuseComplaint(schemaComplaint(db));
    });
  } catch (error) {
    throw inTableName(error, plan);
  }
}

/** `undefined` when there is nothing to change. */
function planRebuild(
  db: SqliteDatabase,
  input: SqliteProcedureInputs["rebuild"],
): RebuildPlan | undefined {
  const old = storedTable(db, input.table);
  if (old === undefined) throw new Error(`no such table: ${input.table}`);
  const sql = parseTable(old.sql);
  const changed = changeTable({ name: old.name, sql }, input.changes);
  if (changed.sql === sql) return undefined;
  const dropped = (entry: CatalogEntry) =>
    indexedColumns(db, entry.name).some((column) => hasName(changed.removed, column));
  return {
    old,
    changed,
    temporary: freeName(db, `slipway_new_${old.name}`),
    referring: referringTables(db, old.name),
    attachments: attachments(db, old.name).filter((entry) => !dropped(entry)),
  };
}

/** Steps 4 and 5. The rowids stay, because other things than foreign keys may refer to them. */
function copyRows(db: SqliteDatabase, plan: RebuildPlan): void {
  const { old, changed, temporary } = plan;
  db.exec(printTable(temporary, withoutForeignKeys(changed.sql)));
  const rowid = rowidToKeep(db, [old.name, temporary]);
  const kept = rowid === undefined ? [] : [{ column: rowid, from: rowid }];
  const copied = [...kept, ...changed.copied];
  if (copied.length === 0) throw new Error(`no column of table ${old.name} would keep its values`);
  const columns = copied.map(({ column }) => quote(column)).join(", ");
  const values = copied.map(({ from }) => from).join(", ");
  db.exec(
    `INSERT INTO main.${quote(temporary)} (${columns}) SELECT ${values} FROM main.${quote(old.name)}`,
  );
}

/** Steps 6 and 7, with nobody referring to the old table while it goes. */
function changePlaces(db: SqliteDatabase, plan: RebuildPlan): void {
  const { old, changed, temporary } = plan;
  const others = plan.referring.filter(({ name }) => !sameName(name, old.name));
  const bare = [
    { name: old.name, table: withoutForeignKeys(parseTable(old.sql)) },
    ...others.map(({ name, sql }) => {
      return { name, table: withoutForeignKeys(parseTable(sql), old.name) };
    }),
  ];
  const trial = freeName(db, "slipway_trial");
  tryTexts(
    db,
    [changed.sql, ...bare.map(({ table }) => table)].map((table) => printTable(trial, table)),
  );
  writeSchemaText(
    db,
    bare.map(({ name, table }) => ({ name, sql: printTable(name, table) })),
  );
  handOver(db, { from: old.name, to: temporary });
  db.exec(`DROP TABLE main.${quote(old.name)}`);
  renameQuietly(db, { from: temporary, to: old.name });
  writeSchemaText(db, [{ name: old.name, sql: printTable(old.name, changed.sql) }, ...others]);
}

function refuseComplaint(complaint: string | undefined): void {
  if (complaint !== undefined) throw new Error(complaint.replace(/ after rename/, ""));
}

/** The new table is nobody's business: its name never reaches a message. */
function inTableName(error: unknown, { temporary, old }: RebuildPlan): unknown {
  if (error instanceof Error) error.message = error.message.replaceAll(temporary, () => old.name);
  return error;
}
