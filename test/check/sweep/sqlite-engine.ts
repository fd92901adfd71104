/** What SQLite itself does with a statement: on tables without rows, and on a file with many. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkFiles } from "../../../src/check/check-files.ts";
import { parserFor } from "../../../src/check/parser.ts";
import { sqliteTrial } from "../../../src/shadow/sqlite/trial.ts";

/**
 * `fails`: on every database. `rows`: as soon as there are rows. `values`: it depends on what stands in the rows.
 * `broken`: something else can no longer run. `lost`: rows of other tables are gone. `long`: a table was read or written.
 */
export type Seen = "fails" | "rows" | "values" | "broken" | "lost" | "long";

const trials = { sqlite: await sqliteTrial() };

const ruleOf: { readonly [rule: string]: Seen } = {
  "will-fail": "fails",
  "sqlite-refuses-rows": "rows",
  "sqlite-left-broken": "broken",
  "sqlite-drop-deletes-rows": "lost",
  "sqlite-long-write-lock": "long",
};

/** What `check` says of a statement, on a schema that it knows. */
export function foretold(schema: string, sql: string): readonly string[] {
  const { findings } = checkFiles([{ name: "a.sql", text: sql }], {
    ...{ parser: parserFor("sqlite", undefined, trials)!, dialect: "sqlite", policy: true },
    ...{ schema: { name: "schema.sql", text: schema }, inTransaction: false },
  });
  return [...new Set(findings.flatMap(({ rule }) => ruleOf[rule] ?? []))].toSorted();
}

/** What the engine shows of each. `rows` fills the tables of `schema`, each with so much that reading it is seen. */
export function observed(
  { library, libraryRows }: { readonly library: string; readonly libraryRows: string },
  statements: readonly string[],
): readonly (readonly Seen[])[] {
  const folder = mkdtempSync(join(tmpdir(), "slipway-afresh-"));
  try {
    open(join(folder, "empty"), library).close();
    open(join(folder, "full"), library + libraryRows).close();
    return statements.map((sql) => seenOf(folder, sql));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function seenOf(folder: string, sql: string): readonly Seen[] {
  const copy = (name: string) => {
    const path = join(folder, `${name}.db`);
    copyFileSync(join(folder, name), path);
    return new DatabaseSync(path);
  };
  const empty = copy("empty");
  const full = copy("full");
  try {
    const onEmpty = failure(() => empty.exec(sql));
    full.exec("PRAGMA cache_size = 20; PRAGMA temp_store = MEMORY");
    const before = health(full);
    const moved = bytesMoved();
    const onFull = failure(() => full.exec(sql));
    const bytes = bytesMoved() - moved;
    if (onEmpty !== undefined) return ["fails"];
    if (onFull !== undefined) return [onFull.code === 1 ? "rows" : "values"];
    const after = health(full);
    const isBroken = [...after.broken].some((one) => !before.broken.has(one));
    const isLost = [...before.rows].some(([table, count]) => {
      const left = after.rows.get(table);
      return left !== undefined && left < count && !new RegExp(`\\b${table}\\b`, "i").test(sql);
    });
    return [
      ...(isBroken ? (["broken"] as const) : []),
      ...(bytes > 200_000 ? (["long"] as const) : []),
      ...(isLost ? (["lost"] as const) : []),
    ];
  } finally {
    empty.close();
    full.close();
  }
}

function open(path: string, sql: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; PRAGMA journal_mode = WAL; ${sql}; PRAGMA foreign_keys = ON`);
  return db;
}

type Failure = { readonly message: string; readonly code: number };

function failure(work: () => void): Failure | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    return { message, code: /constraint failed/.test(message) && (errcode ?? 1) !== 1 ? 19 : 1 };
  }
}

/** Views that cannot be read, tables that cannot be written, and how many rows there are. */
function health(db: DatabaseSync) {
  const broken = new Set<string>();
  const rows = new Map<string, number>();
  const entries = db
    .prepare(
      "SELECT type, name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite%'",
    )
    .all() as { type: string; name: string }[];
  for (const { name, tbl_name, sql } of db
    .prepare("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all()) {
    const column = /\bUPDATE OF (\w+)/.exec(String(sql))?.[1];
    const found = db.prepare("SELECT 1 FROM pragma_table_xinfo(?) WHERE name = ?");
    if (column !== undefined && found.get(String(tbl_name), column) === undefined)
      broken.add(`${name} never fires`);
  }
  for (const { type, name } of entries) {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const tries =
      type === "view"
        ? [`SELECT * FROM ${quoted} LIMIT 1`]
        : [
            `INSERT INTO ${quoted} DEFAULT VALUES`,
            `DELETE FROM ${quoted}`,
            `UPDATE ${quoted} SET ${firstOf(db, name)}`,
          ];
    for (const sql of tries)
      if (failure(() => db.prepare(sql)) !== undefined) broken.add(`${sql.slice(0, 6)} ${name}`);
    if (type === "table") {
      const count = failure(
        () =>
          void rows.set(name, Number(db.prepare(`SELECT count(*) AS n FROM ${quoted}`).get()?.n)),
      );
      if (count !== undefined) broken.add(`count ${name}`);
    }
  }
  return { broken, rows };
}

function firstOf(db: DatabaseSync, table: string): string {
  const all = db.prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0").all(table);
  return all.map(({ name }) => `"${name}" = "${name}"`).join(", ");
}

/** Read and written by this process, whatever the cache of the system had. */
function bytesMoved(): number {
  const io = readFileSync("/proc/self/io", "utf8");
  return [...io.matchAll(/^[rw]char: (\d+)$/gm)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}
