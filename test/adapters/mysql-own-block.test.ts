/** Statements of ours that go to MariaDB as one message. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Session, StatementFailed } from "../../src/adapters/adapter.ts";
import { blockOf, partsOf } from "../../src/adapters/mysql/own-block.ts";
import { plain, type Statement } from "../../src/core/model/statement.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";

const server = await mariadbOfRun();

function ours(sql: string): Statement {
  return { ...plain(sql), joins: true };
}

describe("what goes together", () => {
  const cases: readonly (readonly [string, readonly Statement[], readonly number[]])[] = [
    ["ours beside ours", [ours("A"), ours("B")], [2]],
    ["the migration's alone", [ours("A"), plain("B"), plain("C"), ours("D")], [1, 1, 1, 1]],
    ["no parameters", [ours("A"), { ...ours("B"), parameters: [1] }], [1, 1]],
    [
      "no mode that those behind it would miss",
      [ours("A"), ours("SET SESSION sql_mode = ''"), ours("B"), ours("C")],
      [1, 1, 2],
    ],
    [
      "no more than one message takes",
      [ours("A"), ours("B".repeat(100_000)), ours("C")],
      [1, 1, 1],
    ],
  ];

  it.each(cases)("%s", (_, statements, lengths) => {
    const parts = partsOf(statements);
    expect(parts.flat()).toEqual(statements);
    expect(parts.map((part) => part.length)).toEqual(lengths);
  });

  it("is one statement", () => {
    expect(blockOf([ours("A"), ours("B")])).toBe("BEGIN NOT ATOMIC\nA;\nB;\nEND");
  });
});

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  let session: Session;
  beforeEach(async () => {
    database = await freshMysql(server?.url ?? "");
    session = await database.adapter.open({ role: "work", application: "test" });
    await session.query("CREATE TABLE notes (id int PRIMARY KEY)");
  });
  afterEach(async () => {
    await session.close();
    await database.dispose();
  });

  async function fenceOf(of: Session): Promise<readonly Statement[]> {
    const fence = await of.takeFence?.({ name: "one", history: { name: "schema_migrations" } });
    return (fence?.proof ?? []).map((one) => ({ ...one, joins: true }));
  }

  const note = (id: number) => ours(`INSERT INTO notes VALUES (${id})`);
  const notes = () => database.query("SELECT id FROM notes ORDER BY id");
  const begin = ours("START TRANSACTION");
  const commit = ours("COMMIT");

  it("writes nothing once the lock is of another", async () => {
    const proof = await fenceOf(session);
    await session.execute([begin, ...proof, note(1), commit]);
    const other = await database.adapter.open({ role: "work", application: "test" });
    await fenceOf(other);
    const late = session.execute([begin, ...proof, note(2), commit]);
    await expect(late).rejects.toThrow("the migration lock was lost");
    await session.query("ROLLBACK");
    expect(await notes()).toEqual([{ id: 1 }]);
    await other.close();
  });

  it("keeps the next number from being taken until it ends", async () => {
    const proof = await fenceOf(session);
    await session.execute([begin, ...proof, note(1)]);
    const other = await database.adapter.open({ role: "work", application: "test" });
    const name = { name: "one", history: { name: "schema_migrations" } };
    expect(await other.takeFence?.(name)).toBeUndefined();
    await session.query("COMMIT");
    expect(await other.takeFence?.(name)).toBeDefined();
    await other.close();
  });

  it("ends at what fails, and says that it was ours", async () => {
    const failed = await session
      .execute([plain("DO 1"), begin, note(1), note(1), note(2), commit])
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StatementFailed);
    expect((failed as StatementFailed).index).toBe(1);
    expect(session.errorKind(failed)).toBe("already_exists");
    expect(await session.inTransaction?.()).toBe(true);
    await session.query("ROLLBACK");
    expect(await notes()).toEqual([]);
  });

  it("goes one by one where the server reads no block", async () => {
    const unread = await session
      .execute([begin, note(1), ours("NONSENSE"), commit])
      .catch((error: unknown) => error);
    expect((unread as StatementFailed).index).toBe(2);
    await session.query("COMMIT");
    expect(await notes()).toEqual([{ id: 1 }]);
    // From here on the session knows.
    const failed = await session.execute([begin, note(3), note(1), commit]).catch((error) => error);
    expect((failed as StatementFailed).index).toBe(2);
  });

  it.each(["ORACLE", "ANSI", "NO_BACKSLASH_ESCAPES"])("is read with sql_mode %s", async (mode) => {
    await session.query(`SET SESSION sql_mode = '${mode}'`);
    await session.execute([begin, note(1), note(2), commit]);
    expect(await notes()).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
