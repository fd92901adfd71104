/** Changes on a real MariaDB, up, down and up again through a release, compared by what SHOW CREATE says. */
import { defineMigration, defineRelease, type MigrationBuilder, sql } from "slipway";
import { describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

type Change = (m: MigrationBuilder) => void;

const server = await mariadbOfRun();
const serverUrl = server?.url ?? "";

/** What stands before each case. */
function setup(m: MigrationBuilder): void {
  m.createTable("users", (t) => {
    t.id();
    t.column("org_id", "integer");
    t.unique("users_org", ["id", "org_id"]);
  });
  m.createTable("old_keys", (t) => t.column("id", "bigint", { primaryKey: true }));
  m.createTable("posts", (t) => {
    t.id();
    t.column("title", "string", { null: false, default: "it's \\ new", comment: "a\\b" });
    t.column("body", "text", { collation: "utf8mb4_bin" });
    t.column("score", "integer", { default: 3 });
    t.references("author_id", "users", { onDelete: "cascade" });
    t.column("settings", "map");
    t.column("slug", "string", { generated: "ALWAYS AS (lower(`title`)) STORED" });
    t.column("at", "utc_datetime", {
      default: sql`CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP`,
    });
    t.check("score_positive", "score > 0");
  });
  m.createIndex("posts", ["score"]);
}

const cases: readonly (readonly [claim: string, change: Change])[] = [
  [
    "113: a column is added with its comment behind another one",
    (m) =>
      m.alterTable("posts", (t) => t.add("subtitle", "string", { comment: "b's", after: "title" })),
  ],
  ["not null, and back, keeps the default and the comment", alter((t) => t.dropNotNull("title"))],
  ["not null is put on a column with a null default", alter((t) => t.setNotNull("author_id"))],
  [
    "a type changes, the rest of the column does not",
    alter((t) => t.setType("title", "string", { size: 500, was: "string" })),
  ],
  ["a collation stays with a type", alter((t) => t.setType("body", "string", { was: "text" }))],
  ["JSON becomes text and JSON again", alter((t) => t.setType("settings", "text", { was: "map" }))],
  [
    "several changes of one column are one",
    alter((t) => {
      t.setType("score", "bigint", { was: "integer" });
      t.setDefault("score", 5, { was: 3 });
      t.setNotNull("score");
    }),
  ],
  ["a default comes and goes", alter((t) => t.setDefault("body", "x", { was: null }))],
  ["a default goes and comes", alter((t) => t.dropDefault("score", { was: 3 }))],
  [
    "a modified column takes null, default and comment along",
    alter((t) =>
      t.modify("title", "text", {
        null: true,
        default: "a\\b",
        comment: "c",
        was: { type: "string", null: false, default: "it's \\ new", comment: "a\\b" },
      }),
    ),
  ],
  [
    "what happens to a child changes",
    alter((t) =>
      t.modify("author_id", "bigint", {
        references: { table: "users", onDelete: "set null" },
        was: { type: "bigint", references: { table: "users", onDelete: "cascade" } },
      }),
    ),
  ],
  [
    "a column goes with its foreign key",
    alter((t) =>
      t.remove("author_id", {
        was: { type: "bigint", references: { table: "users", onDelete: "cascade" } },
      }),
    ),
  ],
  [
    "a reference over two columns comes and goes with its index",
    alter((t) => {
      t.add("org_id", "integer");
      t.references("editor_id", "users", { with: { org_id: "org_id" } });
    }),
  ],
  ["a reference has the sign of its key", alter((t) => t.references("old_id", "old_keys"))],
  [
    "a table refers to its own signed key",
    (m) =>
      m.createTable("pages", (t) => {
        t.column("id", "bigint", { primaryKey: true });
        t.references("parent_id", "pages");
      }),
  ],
  [
    "an index takes the place of a foreign key's own, and gives it back",
    (m) => m.createIndex("posts", ["author_id", "title"], { concurrently: true }),
  ],
  [
    "a foreign key over a column comes and goes with its index",
    (m) => {
      m.alterTable("posts", (t) => t.add("editor_id", "bigint unsigned"));
      m.createConstraint("posts", "to_editor", {
        foreignKey: { columns: ["editor_id"], table: "users" },
      });
    },
  ],
  [
    "constraints go and come back",
    (m) => {
      m.dropConstraint("posts", "score_positive", { was: { check: "score > 0" } });
      m.dropConstraint("users", "users_org", { was: { unique: ["id", "org_id"] } });
    },
  ],
  [
    "a primary key comes and goes",
    (m) => {
      m.createTable("words", (t) => t.column("word", "string", { null: false }));
      m.createConstraint("words", "words_pkey", { primaryKey: ["word"] });
    },
  ],
  [
    "indexes of every kind",
    (m) => {
      m.createIndex("posts", [{ column: "score", order: "desc" }, sql`body(10)`], {
        name: "by_score",
        comment: "for the list",
      });
      m.createIndex("posts", ["title"], { using: "fulltext" });
      m.createIndex("users", ["org_id"], { unique: true, ifNotExists: true });
      m.renameIndex("posts", ["score"], { to: "score_index" });
    },
  ],
  ["an index goes", (m) => m.dropIndex("posts", ["score"], { concurrently: true })],
  [
    "names change",
    (m) => {
      m.renameColumn("posts", "title", { to: "heading" });
      m.renameTable("posts", { to: "articles" });
    },
  ],
  [
    "comments change",
    (m) => {
      m.commentOnTable("posts", "all of them", { was: null });
      m.commentOnColumn("posts", "author_id", { comment: "its author", was: null });
    },
  ],
  [
    "a table of another engine, with what stands around it",
    (m) =>
      m.createTable("log", (t) => t.id({ type: "identity", startValue: 100 }), {
        engine: "MyISAM",
        options: "ROW_FORMAT = DYNAMIC",
        comment: "a\\b's",
      }),
  ],
  [
    "views and sequences",
    (m) => {
      m.createView("titles", { as: "select `title` from `posts`", columns: ["a"] });
      m.createSequence("counter", { startValue: 5, increment: 2, cache: 10, cycle: true });
    },
  ],
];

describe.skipIf(server === undefined)("on MariaDB", () => {
  it.each(cases)("%s", async (_, change) => {
    const database = await freshMysql(serverUrl);
    const release = defineRelease({
      app: "blog",
      repos: {
        main: {
          adapter: database.adapter,
          migrations: {
            "1_setup": defineMigration({ change: setup }),
            "2_case": defineMigration({ change }),
          },
        },
      },
    }).using(recorder().world);
    await release.migrate({ to: 1 });
    const before = await definitions(database);
    await release.migrate();
    const after = await definitions(database);
    expect(after).not.toEqual(before);
    await release.rollback("main", 2);
    expect(await definitions(database)).toEqual(before);
    await release.migrate();
    expect(await definitions(database)).toEqual(after);
    await database.dispose();
  });

  it("drops a schema that is empty, and no other", async () => {
    const database = await freshMysql(serverUrl);
    const session = await database.adapter.open({ role: "work", application: "test" });
    const name = `${new URL(database.url).pathname.slice(1)}_more`;
    const table = { name: "rows", prefix: name };
    const { compile } = session.dialect;
    await session.execute(compile({ kind: "create_schema", name }));
    const definition = { columns: [{ name: "a", type: "integer" }], constraints: [] };
    await session.execute(compile({ kind: "create_table", table, definition }));
    await expect(session.execute(compile({ kind: "drop_schema", name }))).rejects.toThrow(
      "is not empty: it has rows",
    );
    await session.execute(compile({ kind: "drop_table", table }));
    await session.execute(compile({ kind: "drop_schema", name }));
    expect(await session.query(`SHOW DATABASES LIKE '${name}'`)).toEqual([]);
    await session.close();
    await database.dispose();
  });
});

function alter(change: Parameters<MigrationBuilder["alterTable"]>[1]): Change {
  return (m) => m.alterTable("posts", change);
}

/** What every table is, with its columns in alphabetical order: one that comes back comes last. */
async function definitions({ query }: MysqlDatabase): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const row of await query("SHOW TABLES")) {
    const table = String(Object.values(row)[0]);
    if (table.startsWith("slipway_") || table === "schema_migrations") continue;
    const [shown] = await query(`SHOW CREATE TABLE \`${table}\``);
    const text = String(shown?.["Create Table"] ?? shown?.["Create View"]);
    found[table] = text
      .replace(/ AUTO_INCREMENT=\d+/, "")
      .split(/,?\n/)
      .sort();
  }
  return found;
}
