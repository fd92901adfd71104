/** The safety rules leave alone what came with a history, and nothing that is written afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, isReleaseError } from "slipway";
import { afterEach, expect, it } from "vitest";
import { testDatabase } from "../support/databases.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const again = { "R__v.sql": "CREATE OR REPLACE VIEW v AS SELECT id FROM a;\n" };
const numbered = {
  "2__v.sql": "-- slipway: repeatable=true\nCREATE OR REPLACE VIEW v AS SELECT id FROM a;\n",
};

it.each([
  ["without one", {}, undefined],
  ["with R__", again, undefined],
  ["with one that says so itself", numbered, undefined],
  ["with R__, as it was noted before", again, "R__v"],
] as const)(
  "a migration that runs again lets none of the later ones through: %s",
  async (_, more, noted) => {
    const database = await testDatabase("pglite");
    for (const statement of [
      "CREATE TABLE a (id int PRIMARY KEY, n int)",
      "INSERT INTO a SELECT i, i FROM generate_series(1, 200000) i",
      "ANALYZE a",
    ])
      await database.query(statement);
    const root = mkdtempSync(join(tmpdir(), "slipway-moved-"));
    roots.push(root);
    mkdirSync(join(root, "m"));
    const write = (files: { readonly [path: string]: string }) => {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(root, "m", path), text);
    };
    const release = () =>
      defineRelease({
        app: "blog",
        root,
        repos: { main: { adapter: database.adapter, migrations: "m" } },
      }).using({ emit: () => undefined, write: () => undefined });
    write({ "V1__a.sql": "CREATE TABLE a (id int PRIMARY KEY, n int);\n", ...more });
    write({ "V3__late.sql": "CREATE INDEX a_late ON a (n);\n" });
    await release().baseline("main", { at: 1 });
    if (noted !== undefined)
      await database.query(
        `INSERT INTO slipway_events (at, history, version, direction, result, migration_id) VALUES (now(), 'schema_migrations', 0, 'up', 'moved_in', '${noted}')`,
      );
    // It came with the history.
    await release().migrate();
    write({ "V9__index.sql": "CREATE INDEX a_n ON a (n);\n" });
    const error = await release()
      .migrate()
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(isReleaseError(error) && error.code).toBe("unsafe");
    expect(await database.query("SELECT 1 AS one FROM pg_indexes WHERE indexname = 'a_n'")).toEqual(
      [],
    );
  },
);
