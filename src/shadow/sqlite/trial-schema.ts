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
  /** Tables that moved in the file: SQLite rewrote them. */
  readonly tablesMoved: readonly string[];
  /** All objects that are new since the last look. */
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

  /** The broken objects, by their descriptions. */
  get broken(): ReadonlyMap<string, Broken> {
    return this.#broken;
  }

  /** From here on every existing object is older than the run. */
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

  /** Something other than the next statement may have changed the schema. */
  mistrust(): void {
    this.#isStale = true;
  }

  /** Looks for the changes of one statement, or at everything. */
  look(sql?: string): Change {
    const added = sql === undefined || this.#isStale || !addsOnly(sql) ? undefined : this.#added();
    return added === undefined ? this.#all() : this.#take(added, added);
  }

  /** Rows after the last one; `undefined` if others are gone. */
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

  /** `asked` are rows that may be newly broken. */
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

/**
 * CREATE adds rows at the end of the catalog, and statements that write rows of tables change
 * nothing there.
 */
function addsOnly(sql: string): boolean {
  const [first] = codeOf(sql);
  return /^(CREATE|INSERT|UPDATE|DELETE|REPLACE|WITH)$/.test(wordOf(first));
}
