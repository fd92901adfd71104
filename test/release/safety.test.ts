/** What is not safe beside a running application is refused before anything runs. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/engine/events.ts";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import type { SafeMode } from "../../src/release/config.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("pglite");
});
afterEach(() => database.dispose());

const first = {
  "1_posts": defineMigration({
    change: (m) =>
      m.createTable("posts", (t) => {
        t.id();
        t.column("title", "string");
      }),
  }),
};
const index = { "2_index": "CREATE INDEX posts_title ON posts (title);" };

function release(migrations: MigrationsOption, safe?: SafeMode) {
  const heard = recorder();
  const main = { adapter: database.adapter, migrations, ...(safe === undefined ? {} : { safe }) };
  return { heard, app: defineRelease({ app: "app", repos: { main } }).using(heard.world) };
}

function warningsOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
}

async function refusal(run: Promise<unknown>) {
  const error = await run.catch((thrown: unknown) => thrown);
  return isReleaseError(error) ? { code: error.code, message: error.message } : error;
}

describe("migrate", () => {
  it.each([
    ["DROP TABLE posts", "CREATE TABLE posts (id integer);"],
    ["ALTER TABLE posts DROP COLUMN title", "ALTER TABLE posts ADD COLUMN title text;"],
    ["DROP INDEX posts_by_title", "CREATE INDEX posts_by_title ON posts (title);"],
  ])(
    "does not believe what its history says when somebody did by hand: %s",
    async (byHand, sql) => {
      const older = { ...first, "2_i": "CREATE INDEX posts_by_title ON posts (title);" };
      await release(older).app.migrate();
      const migrations = { ...older, "3_again": sql };
      expect(await refusal(release(migrations).app.migrate())).toMatchObject({
        code: "certain_to_fail",
      });
      await database.query(byHand);
      const { app, heard } = release(migrations);
      expect(await refusal(app.migrate())).toMatchObject([{ repo: "main" }]);
      expect(warningsOf(heard.events).join("\n")).toContain("because the database shows otherwise");
      // What an earlier migration of the same run makes is not in the catalog yet.
      const twice = { ...migrations, "4_c": "CREATE TABLE c ();", "5_c": "CREATE TABLE c ();" };
      expect(await refusal(release(twice).app.migrate())).toMatchObject({
        code: "certain_to_fail",
      });
    },
  );

  it("counts locks of tables that others use, and not of those that the run makes", async () => {
    const bills =
      "CREATE TABLE bills (id int PRIMARY KEY); CREATE TABLE notes (id int PRIMARY KEY);";
    await release({ ...first, "2_bills": bills }).app.migrate();
    await database.query("INSERT INTO bills SELECT generate_series(1, 20000)");
    await database.query("INSERT INTO notes SELECT generate_series(1, 20000)");
    const kinds = { "3_kinds": "CREATE TABLE kinds (id int PRIMARY KEY);" };
    const older = { ...first, "2_bills": bills, ...kinds };
    const refers = (to: string) =>
      `CREATE TABLE ${to}_lines (a int REFERENCES kinds, b int REFERENCES ${to}`;
    const three = { ...older, "4_lines": `${refers("bills")}, c int REFERENCES notes);` };
    expect(await refusal(release(three).app.migrate())).toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("multi-table-lock: kinds, bills and notes are locked"),
    });
    const two = { ...older, "4_lines": `${refers("bills")});` };
    expect(await release(two).app.migrate()).toMatchObject([
      { migrations: [{ version: "3" }, { version: "4" }] },
    ]);
  });

  it("believes its history of what the catalog was not asked about", async () => {
    await release(first).app.migrate();
    const wrong = { ...first, "2_i": "CREATE INDEX posts_by_titel ON posts (titel);" };
    expect(await refusal(release(wrong).app.migrate())).toMatchObject({ code: "certain_to_fail" });
  });

  it("refuses an unsafe statement on a table that is there, with everything that is wrong", async () => {
    await release(first).app.migrate();
    const column = { "3_column": "ALTER TABLE posts DROP COLUMN title;" };
    const { app } = release({ ...first, ...index, ...column });
    expect(await refusal(app.migrate({ strict: true }))).toEqual({
      code: "unsafe",
      message: [
        "repo main: nothing was run, because it is not safe beside a running application:",
        "  2_index:1 index-not-concurrent: writes to posts wait until the index posts_title is built",
        "  3_column:1 drop-column: posts.title is lost, and application versions that still run ask for it",
      ].join("\n"),
    });
    const history = await database.query("SELECT version::text AS version FROM schema_migrations");
    expect(history).toEqual([{ version: "1" }]);
  });

  it("tells how many rows there are, and refuses it however few they are", async () => {
    await release(first).app.migrate();
    await database.query(
      "INSERT INTO posts (title) SELECT 'post ' || n FROM generate_series(1, 20000) n",
    );
    await database.query("ANALYZE posts");
    const error: unknown = await release({ ...first, ...index })
      .app.migrate()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "unsafe",
      details: {
        findings: [
          {
            ...{ rule: "index-not-concurrent", severity: "medium", rows: 20_000 },
            message:
              "writes to posts wait until the index posts_title is built (about 20,000 rows)",
          },
        ],
      },
    });
  });

  it("lets through what stops nobody where no table has a row, and says so", async () => {
    await release(first).app.migrate();
    const { app, heard } = release({ ...first, "2_drop": "ALTER TABLE posts DROP COLUMN title;" });
    await app.migrate();
    expect(warningsOf(heard.events)).toEqual([
      "let through, because no table of the database has a row: 1 drop-column (--strict refuses them)",
    ]);
  });

  it("lets through what a few rows are soon done with, and nothing that takes names away", async () => {
    await release(first).app.migrate();
    await database.query("INSERT INTO posts (title) VALUES ('one')");
    const drop = { "3_drop": "ALTER TABLE posts DROP COLUMN title;" };
    const { app } = release({ ...first, ...index, ...drop });
    const refused = await refusal(app.migrate());
    expect(refused).toMatchObject({ message: expect.stringContaining("3_drop:1 drop-column") });
    expect(refused).toMatchObject({
      message: expect.not.stringContaining("index-not-concurrent"),
    });
  });

  it("goes on with a first run that stopped, as long as no table is large", async () => {
    const begun = { ...first, "2_rows": "INSERT INTO posts (title) VALUES ('one');" };
    await release(begun).app.migrate();
    const more = {
      "3_more": "ALTER TABLE posts ADD COLUMN state text;\nUPDATE posts SET state = 'new';",
    };
    const all = { ...begun, ...more };
    await database.query("CREATE TABLE logs AS SELECT n FROM generate_series(1, 20000) n");
    await database.query("ANALYZE logs");
    expect(await refusal(release(all).app.migrate())).toMatchObject({
      message: expect.stringContaining("work-after-exclusive-lock"),
    });
    await database.query("DROP TABLE logs");
    expect(await release(all).app.migrate()).toMatchObject([{ migrations: [{ version: "3" }] }]);
  });

  it("shows three of each rule, and how many there are", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const tables = { "1_tables": names.map((name) => `CREATE TABLE ${name} (id int);`).join("") };
    await release(tables).app.migrate();
    const drops = Object.fromEntries(names.map((name, i) => [`${i + 2}_x`, `DROP TABLE ${name};`]));
    const error = (await refusal(
      release({ ...tables, ...drops }).app.migrate({ strict: true }),
    )) as { readonly message: string };
    expect(error.message.split("\n").slice(3)).toEqual([
      expect.stringContaining("4_x:1 drop-table"),
      "  … and 2 more of drop-table",
      "  5 in all; --json lists each",
    ]);
  });

  it("follows what the same run makes through renames, and not an older table of its name", async () => {
    const old = { "1_old": "CREATE TABLE old (id int);" };
    await release(old).app.migrate();
    const run = {
      "2_make": "CREATE TABLE made (id int);",
      "3_name": "ALTER TABLE made RENAME TO kept;",
      "4_drop": "DROP TABLE kept CASCADE;",
    };
    await release({ ...old, ...run }).app.migrate({ strict: true });
    const swap = {
      "5_make": "CREATE TABLE made (id int);",
      "6_name": "ALTER TABLE made RENAME TO other; ALTER TABLE old RENAME TO made;",
      "7_drop": "DROP TABLE other; DROP TABLE made;",
    };
    const refused = await refusal(
      release({ ...old, ...run, ...swap }).app.migrate({ strict: true }),
    );
    expect(refused).toMatchObject({
      message: expect.stringContaining("7_drop:1 drop-table: made is lost"),
    });
    expect(refused).toMatchObject({ message: expect.not.stringContaining("other is lost") });
  });

  it("lets what the same run makes be", async () => {
    const { app } = release({ ...first, ...index });
    const [outcome] = await app.migrate();
    expect(outcome?.migrations.map(({ version }) => version)).toEqual(["1", "2"]);
  });

  it("takes an answer, and refuses one that answers nothing", async () => {
    await release(first).app.migrate();
    const answered = {
      "2_index": `-- slipway: safe index-not-concurrent "small"\n${index["2_index"]}`,
    };
    await release({ ...first, ...answered }).app.migrate();
    const idle = defineMigration({
      safe: { "drop-table": "nobody reads it" },
      change: (m) => m.createTable("tags", (t) => t.id()),
    });
    const { app } = release({ ...first, ...answered, "3_idle": idle });
    expect((await refusal(app.migrate())) as object).toMatchObject({
      message: expect.stringContaining(
        "3_idle unused-answer: the answer to drop-table answers nothing here",
      ),
    });
  });

  it("only tells with warn, and says nothing with off", async () => {
    await release(first).app.migrate();
    const warned = release({ ...first, ...index }, "warn");
    await warned.app.migrate({ strict: true });
    expect(warningsOf(warned.heard.events)).toEqual([
      "2_index:1 index-not-concurrent: writes to posts wait until the index posts_title is built",
    ]);
    const drop = { "3_drop": "DROP TABLE posts;" };
    const off = release({ ...first, ...index, ...drop }, "off");
    await off.app.migrate();
    expect(warningsOf(off.heard.events)).toEqual([]);
  });

  it("knows what earlier migrations have built: a change that is free is free", async () => {
    await release(first).app.migrate();
    const free = { "2_type": "ALTER TABLE posts ALTER COLUMN title TYPE text;" };
    const [outcome] = await release({ ...first, ...free }).app.migrate();
    expect(outcome?.migrations).toHaveLength(1);
  });
});
