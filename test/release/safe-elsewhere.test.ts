/** `safe: "auto"` on tables that no migration made: the catalog tells whether they are plain. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { verdictsOf } from "../../src/check/verdicts-of.ts";
import { defineRelease, isReleaseError, type MigrationsOption } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const parser = await neededParser("the test");
let database: TestDatabase;
afterEach(() => database.dispose());

function releaseOf(migrations: MigrationsOption) {
  const heard = recorder();
  const main = { adapter: database.adapter, migrations, safe: "auto" } as const;
  const app = defineRelease({ app: "app", repos: { main } }).using(heard.world);
  const replaced = () =>
    heard.events.flatMap((event) =>
      event.type === "warning" && event.message.includes("is replaced by") ? [event.message] : [],
    );
  return { app, replaced };
}

const codeOf = async (run: Promise<unknown>) => {
  const error = await run.catch((thrown: unknown) => thrown);
  return isReleaseError(error) ? error.code : undefined;
};

async function built(sql: string): Promise<MigrationsOption> {
  const [inventory] = await releaseOf({ "1_built": sql }).app.inventory();
  const verdict = verdictsOf([inventory!], () => parser)("main", "1_built");
  return [{ id: "1_built", load: sql, verdict: verdict! }];
}

const plain = [
  ["an index", "CREATE INDEX i ON old (title);", "CONCURRENTLY i"],
  ["an index, with the schema", "CREATE INDEX i ON public.old (title);", "CONCURRENTLY i"],
  ["a unique key", "ALTER TABLE old ADD CONSTRAINT u UNIQUE (title);", "USING INDEX u"],
  [
    "a check",
    "ALTER TABLE old ADD CONSTRAINT c CHECK (id > 0);",
    "NOT VALID; ALTER TABLE old VALIDATE CONSTRAINT c",
  ],
  [
    "a foreign key",
    "ALTER TABLE old ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES other (id);",
    "NOT VALID; ALTER TABLE old VALIDATE CONSTRAINT f",
  ],
] as const;

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(`CREATE TABLE other (id int PRIMARY KEY);
      CREATE TABLE old (id int PRIMARY KEY, title varchar(60));
      INSERT INTO other VALUES (1); INSERT INTO old VALUES (1, 'one');
      CREATE TABLE parted (id int, title text) PARTITION BY RANGE (id);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
      INSERT INTO parted VALUES (1, 'one');
      CREATE TABLE parent (id int, title text); INSERT INTO parent VALUES (1, 'one');
      CREATE TABLE child () INHERITS (parent)`);
  });

  describe.each(["files", "a built release"])("of %s", (from) => {
    it.each(plain)("replaces %s on a plain table", async (_, sql, by) => {
      const migrations = from === "files" ? { "1_built": sql } : await built(sql);
      const { app, replaced } = releaseOf(migrations);
      await app.migrate({ strict: true });
      expect(replaced()).toEqual([expect.stringContaining(by)]);
      const unsure = await database.query(
        "SELECT 1 FROM pg_index WHERE NOT indisvalid UNION ALL SELECT 1 FROM pg_constraint WHERE NOT convalidated",
      );
      expect(unsure).toEqual([]);
    });
  });

  it.each([
    ["a partitioned table", "CREATE INDEX i ON parted (title);"],
    ["a table that others inherit from", "CREATE INDEX i ON parent (title);"],
    ["a key without a name", "ALTER TABLE old ADD UNIQUE (title);"],
    ["NOT NULL, which may be there", "ALTER TABLE old ALTER title SET NOT NULL;"],
  ])("refuses %s as before, from files and from a built release", async (_, sql) => {
    for (const migrations of [{ "1_built": sql }, await built(sql)]) {
      const { app, replaced } = releaseOf(migrations);
      expect(await codeOf(app.migrate({ strict: true }))).toBe("unsafe");
      expect(replaced()).toEqual([]);
    }
  });

  it("refuses a name that is a partitioned table in another schema", async () => {
    await database.query(
      "CREATE SCHEMA app; CREATE TABLE app.old (id int, title text) PARTITION BY RANGE (id)",
    );
    const { app } = releaseOf({ "1_index": "CREATE INDEX i ON old (title);" });
    expect(await codeOf(app.migrate({ strict: true }))).toBe("unsafe");
    const named = releaseOf({ "1_index": "CREATE INDEX i ON app.old (title);" });
    expect(await codeOf(named.app.migrate({ strict: true }))).toBe("unsafe");
  });
});
