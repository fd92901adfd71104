/** What makes of one schema of SQLite another one: whatever the two are, it gives the second, and undone the first. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { sqliteWords } from "../../src/adapters/sqlite/difference/words.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { sqliteCatalogAccess } from "../../src/adapters/sqlite/sqlite-catalog-access.ts";
import { chanceOf } from "../support/random.ts";
import {
  codeOf,
  differing,
  pairSeeds,
  pairsOn,
  readOn,
  releaseOf,
  settledOf,
} from "./random/pairs.ts";
import { randomSqliteSchema } from "./random/sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-pairs-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function make(statements: readonly string[]): string {
  const path = join(folder, `${files++}.db`);
  const db = new DatabaseSync(path);
  for (const sql of statements) {
    try {
      db.exec(sql);
    } catch {
      // What it names is not there.
    }
  }
  withoutDangling(db);
  withoutBroken(db);
  withoutFailing(db);
  db.close();
  return path;
}

/** A table that refers to one that could not be made. */
function withoutDangling(db: DatabaseSync): void {
  const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND EXISTS (
    SELECT 1 FROM pragma_foreign_key_list(name) k WHERE k."table" NOT IN (SELECT name FROM sqlite_schema))`;
  for (let row = db.prepare(sql).get(); row !== undefined; row = db.prepare(sql).get())
    db.exec(`PRAGMA foreign_keys = OFF; DROP TABLE ${row.name}`);
}

/** Views and triggers may name what is not there, until something is renamed. */
function withoutBroken(db: DatabaseSync): void {
  try {
    db.exec("CREATE TABLE probe (x); ALTER TABLE probe RENAME TO probed");
  } catch {
    const broken = db
      .prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'trigger')")
      .all();
    for (const { type, name } of broken) db.exec(`DROP ${type} IF EXISTS ${name}`);
  }
  db.exec("DROP TABLE IF EXISTS probe; DROP TABLE IF EXISTS probed");
}

/** A trigger may write a column that is not there, which no rename sees: whoever writes does. */
function withoutFailing(db: DatabaseSync): void {
  const triggers = db
    .prepare("SELECT name, tbl_name AS of FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name, of } of triggers) {
    try {
      for (const sql of [`INSERT INTO ${of} DEFAULT VALUES`, `DELETE FROM ${of}`])
        if (of !== "seen" || sql.startsWith("INSERT")) db.exec(`EXPLAIN ${sql}`);
    } catch {
      db.exec(`DROP TRIGGER ${name}`);
    }
  }
}

const read = (path: string) => readOn(sqlite({ path }), sqliteCatalogAccess);

/** What SQLite itself says of every table, in no order of columns. */
function byPragmas(path: string) {
  const db = new DatabaseSync(path);
  const all = (sql: string, ...values: string[]) =>
    db
      .prepare(sql)
      .all(...values)
      .map((row) => JSON.stringify(row))
      .sort();
  const tables = db
    .prepare(
      "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'slipway%' AND name <> 'schema_migrations' AND type = 'table' ORDER BY name",
    )
    .all();
  const found = tables.map((table) => {
    const name = String(table.name);
    return {
      ...table,
      columns: all(
        `SELECT name, upper(type), "notnull", trim(dflt_value, '()') AS value, pk, hidden FROM pragma_table_xinfo(?)`,
        name,
      ),
      indexes: all(
        `SELECT CASE WHEN origin = 'c' THEN i.name END AS name, "unique", origin, partial, (SELECT group_concat(coalesce(x.name, '()') || ' ' || x.desc || x.coll) FROM pragma_index_xinfo(i.name) x WHERE x.key) AS parts FROM pragma_index_list(?) i`,
        name,
      ),
      keys: all(
        `SELECT "table", on_update, on_delete, group_concat("from" || '>' || coalesce("to", '')) FROM pragma_foreign_key_list(?) GROUP BY id`,
        name,
      ),
    };
  });
  db.close();
  return found;
}

const pairs = pairsOn("sqlite");

it(`${pairs} pairs of schemas of SQLite, there and back`, {
  timeout: pairs > 200 ? 3_600_000 : 240_000,
}, async () => {
  const seedOfPair = pairSeeds("difference on SQLite");
  let changed = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const seed = seedOfPair(pair);
    const chance = chanceOf(seed);
    const paths = [make(randomSqliteSchema(chance)), make(randomSqliteSchema(chance))] as const;
    const [from, to] = [await read(paths[0]), await read(paths[1])];
    const ends = { from, to, words: sqliteWords };
    const [was, is] = [byPragmas(paths[0]), byPragmas(paths[1])];
    let codes: readonly string[] = [];
    try {
      codes = codeOf(ends);
      changed += codes.length;
      const release = releaseOf(sqlite({ path: paths[0] }), codes);
      await release.migrate();
      const there = settledOf(await read(paths[0]), sqliteWords);
      expect(differing(there, settledOf(to, sqliteWords)), "there").toEqual("");
      expect(differing(byPragmas(paths[0]), is), "there by pragmas").toEqual("");
      if (codes.length > 0) await release.rollback("main", { all: true });
      const back = settledOf(await read(paths[0]), sqliteWords);
      expect(differing(back, settledOf(from, sqliteWords)), "and back").toEqual("");
      expect(differing(byPragmas(paths[0]), was), "back by pragmas").toEqual("");
    } catch (error) {
      const told = `SLIPWAY_SEED=${seed} SLIPWAY_TEST_PAIRS=1`;
      const { message, cause } = error as Error;
      throw new Error(`${told}: ${message} ${cause ?? ""}\n${codes.join("\n---\n")}`);
    }
  }
  expect(changed).toBeGreaterThan(0);
});
