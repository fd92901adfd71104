/** Runs the SQL that the dialect spells. */

import type { SchemaOperation } from "../../core/language/operation.ts";
import type { Column } from "../../core/language/table-parts.ts";
import {
  createPosts,
  createTable,
  hasTable,
  insertTitle,
  kindOf,
  type Suite,
  title,
} from "./suite.ts";

/** Tables, strange names and values. */
export function schema(suite: Suite): void {
  suite.test("tables are made, changed and dropped", async (session) => {
    const { dialect } = session;
    const table = { name: "posts" };
    const score: Column = { name: "score", type: "integer", null: false, default: 7 };
    const operations: readonly SchemaOperation[] = [
      { kind: "create_table", table, definition: { columns: [title], constraints: [] } },
      { kind: "alter_table", table, changes: [{ kind: "add_column", column: score }] },
    ];
    await session.execute(operations.flatMap((op) => dialect.compile(op)));
    await session.execute([insertTitle("a")]);
    const rows = await session.query("SELECT title, score FROM posts");
    suite.expectEqual(rows, [{ title: "a", score: 7 }]);
    await session.execute(dialect.compile({ kind: "drop_table", table }));
    suite.expectEqual(await hasTable(session, "posts"), false);
  });

  suite.test("strange names and values come back as they went in", async (session) => {
    const { dialect } = session;
    const name = "wei\"rd ta`ble's; --é";
    const value = "it's \\ \"quoted\" `twice` \\' €\n; -- 漢字";
    await session.execute(createTable(session, name, [{ name, type: "text", default: value }]));
    const [table, column] = [dialect.quoteNamed({ name }), dialect.quote(name)];
    const literal = dialect.literal(value);
    await session.query(`INSERT INTO ${table} (${column}) VALUES (${literal})`);
    const rows = await session.query(
      `SELECT ${column} AS value FROM ${table} WHERE ${column} = ${literal}`,
    );
    suite.expectEqual(rows, [{ value }]);
  });
}

/** Each error has the kind that the engine needs. */
export function errors(suite: Suite): void {
  suite.test("errors can be distinguished", async (session) => {
    await session.execute(createPosts(session));
    const kinds = [
      await kindOf(session, session.query("SELECT 1 FROM missing")),
      await kindOf(session, session.query("SELECT missing FROM posts")),
      await kindOf(session, session.execute(createPosts(session))),
      await kindOf(session, session.query("SELEC 1")),
    ];
    suite.expectEqual(kinds, ["table_missing", "column_missing", "already_exists", "invalid"]);
    suite.expectEqual(session.errorKind(new Error("mine")), "other");
  });
}
