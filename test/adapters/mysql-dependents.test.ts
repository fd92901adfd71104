/** Nothing that a column is needed by is left behind without it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lostColumns } from "../../src/adapters/mysql/dependents.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";

it.each([
  ["ALTER TABLE t DROP a, DROP COLUMN `B`, ADD a int", { table: { name: "t" }, columns: ["b"] }],
  [
    "ALTER TABLE d.t CHANGE a z int, RENAME COLUMN c TO d",
    { table: { name: "t", prefix: "d" }, columns: ["a", "c"] },
  ],
  [
    "ALTER TABLE t CHANGE a a bigint, MODIFY b int, DROP KEY k, DROP PRIMARY KEY, RENAME TO u",
    undefined,
  ],
  ["CREATE TABLE t (a int)", undefined],
])("reads which columns %s takes away", (sql, lost) => {
  expect(lostColumns(sql)).toEqual(lost);
});

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  beforeAll(async () => {
    database = await freshMysql(server!.url);
    for (const sql of schema) await database.query(sql);
  });
  afterAll(() => database.dispose());

  const schema = [
    "CREATE TABLE seen (x int, note text)",
    "CREATE TABLE other (id int, free int, mail int)",
    "CREATE TABLE t (id int PRIMARY KEY, a int, mail text, viewed int, called int, timed int, free int, gone int)",
    "CREATE TRIGGER on_insert BEFORE INSERT ON t FOR EACH ROW INSERT INTO seen (x) VALUES (NEW.a)",
    "CREATE TRIGGER on_other AFTER UPDATE ON other FOR EACH ROW UPDATE t SET called = NEW.free WHERE id = NEW.id",
    "CREATE VIEW shown AS SELECT x.viewed AS v, o.free FROM t x JOIN other o ON o.id = x.id",
    "CREATE PROCEDURE tidy() UPDATE t SET timed = 0",
    "CREATE FUNCTION f(mail int) RETURNS int DETERMINISTIC RETURN mail + 1",
  ];

  async function refused(sql: string): Promise<string | undefined> {
    const session = await database.adapter.open({ role: "work", application: "test" });
    try {
      await session.execute(session.dialect.compile({ kind: "execute", sql }));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await session.close();
    }
  }

  it.each([
    ["ALTER TABLE t DROP COLUMN a", "trigger on_insert needs column a of t"],
    ["ALTER TABLE t RENAME COLUMN a TO b", "trigger on_insert needs column a of t"],
    ["ALTER TABLE t CHANGE called heard int", "trigger on_other needs column called of t"],
    ["ALTER TABLE t DROP viewed", "view shown needs column viewed of t"],
    ["ALTER TABLE t DROP timed", "procedure tidy needs column timed of t"],
    [
      "ALTER TABLE t DROP a, DROP viewed",
      "trigger on_insert needs column a of t; view shown needs column viewed of t",
    ],
  ])("refuses %s before it happens", async (sql, reason) => {
    expect(await refused(sql)).toBe(
      `${reason}, and would fail without it; drop them before the column changes, and make them again after it`,
    );
    expect(
      await database.query("INSERT INTO t (id, a) VALUES (1, 1) ON DUPLICATE KEY UPDATE a = 2"),
    ).toEqual([]);
  });

  it.each([
    "ALTER TABLE t DROP COLUMN gone",
    // A column of that name is read in another table, and a parameter has it too.
    "ALTER TABLE t DROP COLUMN free",
    "ALTER TABLE t DROP COLUMN mail",
    "DROP TRIGGER on_insert; ALTER TABLE t DROP COLUMN a",
    // The same file makes the view anew.
    "ALTER TABLE t RENAME COLUMN viewed TO looked; CREATE OR REPLACE VIEW shown AS SELECT looked FROM t",
  ])("lets %s through", async (sql) => {
    expect(await refused(sql)).toBe(undefined);
  });
});
