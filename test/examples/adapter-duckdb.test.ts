/** The adapter of docs/adapters.md: the contract suite, and a release that migrates up, down and fills a column. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { duckdb } from "../../examples/adapter-duckdb/duckdb.ts";
import { describeAdapter } from "../../src/adapter-testing.ts";
import { defineMigration, defineRelease } from "../../src/index.ts";
import { recorder } from "../support/recorder.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-duckdb-"));
afterAll(() => rmSync(root, { recursive: true }));
let files = 0;
const newFile = () => join(root, `${files++}.db`);

describeAdapter(
  "duckdb",
  {
    make: async () => ({ adapter: duckdb({ path: newFile() }), dispose: async () => undefined }),
  },
  { describe, it, expect },
);

describe("a release on DuckDB", () => {
  const posts = defineMigration({
    change(m) {
      m.createTable("posts", (t) => {
        t.id();
        t.column("title", "string", { null: false });
      });
      m.createIndex("posts", ["title"]);
    },
  });
  const fill = {
    up: "insert into posts (title) select 'post ' || range from range(3)",
    down: "delete from posts",
  };

  it("migrates up and down, and keeps its history", async () => {
    const adapter = duckdb({ path: newFile() });
    const migrations = { "1_posts": posts, "2_fill": fill };
    const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } });
    const quiet = release.using(recorder().world);
    const look = async (sql: string) => {
      const session = await adapter.open({ role: "work", application: "test" });
      return session.query(sql).finally(() => session.close());
    };
    const statuses = async () =>
      (await quiet.migrationStatus())[0]?.migrations.map(({ status }) => status);
    await quiet.migrate();
    expect(await statuses()).toEqual(["up", "up"]);
    expect(await look("select id, title from posts order by id")).toEqual([
      { id: "1", title: "post 0" },
      { id: "2", title: "post 1" },
      { id: "3", title: "post 2" },
    ]);
    await quiet.rollback("main", { all: true });
    expect(await statuses()).toEqual(["down", "down"]);
    expect(await look("select * from duckdb_tables() where table_name = 'posts'")).toEqual([]);
  });

  it("refuses by name what it lacks, before anything runs", async () => {
    const adapter = duckdb({ path: newFile() });
    const migrations = {
      "1_mood": defineMigration({
        change: (m) => m.execute("select 1", { down: "" }),
      }),
      "2_check": defineMigration({
        up: (m) => m.createConstraint("posts", "positive", { check: "id > 0" }),
      }),
    };
    const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } });
    await expect(release.using(recorder().world).migrate()).rejects.toThrow(
      "DuckDB cannot add constraint positive to a table that is there",
    );
  });
});
