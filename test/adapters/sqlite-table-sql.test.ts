import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { parseTable } from "../../src/adapters/sqlite/table-sql/parse-table.ts";
import { printTable, withoutForeignKeys } from "../../src/adapters/sqlite/table-sql/table-sql.ts";

/** Texts that SQLite takes. Each makes a table `t`. */
const tables: readonly string[] = [
  "CREATE TABLE t(a)",
  "create table [t] (a INT, b\tTEXT , c)",
  'CREATE TABLE "t" ("a""b" "odd type" (10, 5), \'str\' TEXT, `tick``s` UNSIGNED BIG INT(8))',
  "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b)",
  "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT NOT NULL)",
  "CREATE TABLE t (a DEFAULT NULL NOT NULL, b NULL DEFAULT -5, c DEFAULT +1.5e-3, d DEFAULT x'00' UNIQUE)",
  "CREATE TABLE t (a DEFAULT CURRENT_TIMESTAMP NOT NULL, b DEFAULT (1 + (2)) CHECK (b > ')'), c DEFAULT true)",
  "CREATE TABLE t (a TEXT DEFAULT 'NOT NULL, b' COLLATE NOCASE COLLATE RTRIM, b DEFAULT \"word\")".replace(
    '"word"',
    "word",
  ),
  "CREATE TABLE t (a CONSTRAINT n1 CONSTRAINT n2 NOT NULL ON CONFLICT IGNORE CONSTRAINT n3 UNIQUE CONSTRAINT dangling)",
  "CREATE TABLE t (a, b GENERATED ALWAYS AS (a || ',)'), c AS (a) STORED, d TEXT AS (a) VIRTUAL NOT NULL)",
  "CREATE TABLE t (a REFERENCES u, b REFERENCES u(x) ON DELETE SET NULL ON UPDATE SET DEFAULT MATCH FULL NOT NULL)",
  "CREATE TABLE t (a REFERENCES u(x) NOT DEFERRABLE INITIALLY IMMEDIATE NOT NULL, b REFERENCES u(x) NOT NULL DEFERRABLE INITIALLY DEFERRED CHECK (b))",
  "CREATE TABLE t (a REFERENCES u ON DELETE NO ACTION ON UPDATE RESTRICT REFERENCES v ON DELETE CASCADE)",
  "CREATE TABLE t (a, b, PRIMARY KEY (a COLLATE NOCASE DESC, b) ON CONFLICT FAIL, UNIQUE (b, a), CHECK (a <> b) FOREIGN KEY (a, b) REFERENCES u (x, y) ON DELETE CASCADE DEFERRABLE CONSTRAINT k UNIQUE (b)) WITHOUT ROWID",
  "CREATE TABLE t (a INT /* , x */ NOT NULL -- b TEXT,\n, b ANY) STRICT, WITHOUT ROWID".replace(
    "b ANY)",
    "b ANY, PRIMARY KEY (a))",
  ),
  'CREATE TABLE t (key TEXT, action INT, match, asc, desc, "check" INT, [primary] REFERENCES u)',
  "CREATE TABLE t (a, CONSTRAINT c1 CHECK (a IN (SELECT 1)), CONSTRAINT c2 UNIQUE (a))".replace(
    "(SELECT 1)",
    "('x', ')')",
  ),
  "CREATE TABLE t (généré TEXT NOT NULL DEFAULT 'é', 列 INTEGER)",
];

function facts(sql: string) {
  const db = new DatabaseSync(":memory:");
  db.exec(sql);
  const all = (query: string) =>
    db
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));
  return {
    columns: all("SELECT * FROM pragma_table_xinfo('t')"),
    keys: all("SELECT * FROM pragma_foreign_key_list('t')"),
    indexes: all(
      "SELECT l.*, i.* FROM pragma_index_list('t') AS l, pragma_index_xinfo(l.name) AS i",
    ),
    options: all("SELECT wr, strict FROM pragma_table_list('t')"),
  };
}

/** Two texts that say the same with other spaces and quotes. */
const words = (sql: string) => sql.replace(/\/\*.*?\*\/|--.*|["`[\]\s]/g, "").toLowerCase();

test.each(tables)("read and written again it is the same: %s", (sql) => {
  const printed = printTable("t", parseTable(sql));
  expect(facts(printed)).toEqual(facts(sql));
  expect(printTable("t", parseTable(printed))).toBe(printed);
});

test.each(tables)("without its foreign keys it is the same otherwise: %s", (sql) => {
  const bare = printTable("t", withoutForeignKeys(parseTable(sql)));
  expect(facts(bare)).toEqual({ ...facts(sql), keys: [] });
  expect(bare).not.toMatch(/references|deferrable/i);
});

test("checks and actions keep every letter", () => {
  const [a, b] = ["CHECK (a  <>  'B,  c')", "REFERENCES u (x) ON  DELETE  SET  NULL"];
  const printed = printTable("t", parseTable(`CREATE TABLE t (a ${a}, b ${b})`));
  expect(printed).toBe(`CREATE TABLE "t" (\n  "a" ${a},\n  "b" ${b}\n)`);
  expect(words(printed)).toBe(words(`CREATE TABLE t (a ${a}, b ${b})`));
});

test("only the keys to one table are taken out", () => {
  const sql =
    "CREATE TABLE t (a REFERENCES U NOT NULL, b REFERENCES v, FOREIGN KEY (a) REFERENCES [u] (x))";
  expect(printTable("t", withoutForeignKeys(parseTable(sql), "u"))).toBe(
    'CREATE TABLE "t" (\n  "a" NOT NULL,\n  "b" REFERENCES v\n)',
  );
});

test.each([
  "CREATE VIRTUAL TABLE t USING fts5 (a)",
  "CREATE TABLE t (a NOT NULL",
  "CREATE TABLE t (a INT 5, b)",
  "CREATE TABLE t (a DEFERRABLE)",
])("what cannot be read is refused: %s", (sql) => {
  expect(() => parseTable(sql)).toThrow(
    /^the table's SQL (cannot be read|ends too early)|belongs to no foreign key/,
  );
});
