/**
 * The objects in the database of a trial. Slipway reads only those again that a statement may have
 * changed. Otherwise a history of a thousand tables would read all of them a thousand times.
 */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import { wordOf } from "../../core/sql/token.ts";
import { type Broken, brokenAmong } from "./left-broken.ts";
import { codeOf } from "./names.ts";
import { type SchemaRow, type SeenTable, schemaRows, temporaryNames } from "./trial-database.ts";

/** The changes that a statement made to the schema; names in lower case. */
export type Change = {
  readonly tablesMade: readonly string[];
  /** Tables that stand elsewhere in the file: they were written anew. */
  readonly tablesMoved: readonly string[];
  /** Everything that is there and was not when it was last looked at. */
  readonly names: readonly string[];
};

export class TrialSchema {
  readonly #db: SqliteDatabase;
  #rows = new Map<string, SchemaRow>();
  #lastRow = 0;
  #isStale = false;
  #tables = new Map<string, SeenTable>();
  #broken: ReadonlyMap<string, Broken> = new Map();
  /** Tables of this run, and those that were there when it began and are gone. */
  readonly #fresh = new Set<string>();
  readonly #gone = new Set<string>();

  constructor(db: SqliteDatabase) {
    this.#db = db;
  }

  get tables(): ReadonlyMap<string, SeenTable> {
    return this.#tables;
  }

  /** By what it is. */
  get broken(): ReadonlyMap<string, Broken> {
    return this.#broken;
  }

  /** From here on all that is there is older than the run. */
  beginRun(): void {
    this.#fresh.clear();
    this.#gone.clear();
  }

  isOlder(table: string): boolean {
    return this.#tables.has(table) && !this.#fresh.has(table);
  }

  get isTrusted(): boolean {
    return !this.#isStale;
  }

  /** Something may have changed otherwise than by the statement that is looked behind next. */
  mistrust(): void {
    this.#isStale = true;
  }

  /** Looks behind a statement, or at everything. */
  look(sql?: string): Change {
    const added = sql === undefined || this.#isStale || !addsOnly(sql) ? undefined : this.#added();
    return added === undefined ? this.#all() : this.#take(added, added);
  }

  /** Rows behind the last; `undefined` where others are gone. */
  #added(): readonly SchemaRow[] | undefined {
    const added = schemaRows(this.#db, this.#lastRow);
    const many = this.#db.prepare("SELECT count(*) AS many FROM main.sqlite_schema").get()?.many;
    return many === this.#rows.size + added.length ? added : undefined;
  }

  #all(): Change {
    const now = schemaRows(this.#db, 0);
    const before = this.#rows;
    const known = this.#tables;
    this.#rows = new Map();
    this.#tables = new Map();
    this.#lastRow = 0;
    this.#isStale = false;
    const added = now.filter((row) => !before.has(row.key));
    for (const row of now) this.#keep(row);
    for (const table of known.keys())
      if (!this.#tables.has(table) && !this.#fresh.delete(table)) this.#gone.add(table);
    const tablesMoved = [...known]
      .filter(
        ([table, { rootpage }]) => (this.#tables.get(table)?.rootpage ?? rootpage) !== rootpage,
      )
      .map(([table]) => table);
    return { ...this.#take(added, now), tablesMoved };
  }

  /** `asked` is what may be broken now and was not before. */
  #take(added: readonly SchemaRow[], asked: readonly SchemaRow[]): Change {
    for (const row of added) this.#keep(row);
    const tablesMade = added.filter(isTable).map(({ name }) => name.toLowerCase());
    for (const table of tablesMade) if (!this.#gone.has(table)) this.#fresh.add(table);
    // A new object may have mended a broken one.
    const rows = this.#broken.size > 0 ? [...this.#rows.values()] : asked;
    if (rows.length > 0) this.#broken = brokenAmong(this.#db, rows, this.#tables);
    const names = [...added.map(({ name }) => name.toLowerCase()), ...temporaryNames(this.#db)];
    return { tablesMade, tablesMoved: [], names };
  }

  #keep(row: SchemaRow): void {
    this.#rows.set(row.key, row);
    this.#lastRow = Math.max(this.#lastRow, row.id);
    if (isTable(row)) this.#tables.set(row.name.toLowerCase(), row);
  }
}

function isTable({ type, name }: SchemaRow): boolean {
  return type === "table" && !name.startsWith("sqlite_");
}

/** CREATE puts rows behind the others of the catalog, and what writes rows of tables changes nothing there. */
function addsOnly(sql: string): boolean {
  const [first] = codeOf(sql);
  return /^(CREATE|INSERT|UPDATE|DELETE|REPLACE|WITH)$/.test(wordOf(first));
}
