import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { carry } from "../../src/build/carry.ts";
import { readSqlFiles } from "../../src/check/read-sql-files.ts";
import { defineRelease } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

/** One file of the folder is in Latin-1. */
async function folderWith(file: string, files: { readonly [name: string]: string }) {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const { onTestFinished } = await import("vitest");
  const root = mkdtempSync(join(tmpdir(), "slipway-utf8-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "m"));
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(root, "m", name), text, name === file ? "latin1" : "utf8");
  return root;
}

const sql = "create table t (a text);\ninsert into t values ('café');\n";
const module =
  'export function up(m) { m.executeFile("more.sql"); }\nexport function down() {}\n// é\n';

const cases: readonly [string, { readonly [name: string]: string }, string][] = [
  ["1_a.sql", { "1_a.sql": sql }, "m/1_a.sql:2:27"],
  ["1_a.up.sql", { "1_a.up.sql": sql, "1_a.down.sql": "" }, "m/1_a.up.sql:2:27"],
  ["1_a.down.sql", { "1_a.up.sql": "select 1;", "1_a.down.sql": "-- é" }, "m/1_a.down.sql:1:4"],
  ["1_b.mjs", { "1_b.mjs": module, "more.sql": sql }, "m/1_b.mjs:3:4"],
  ["more.sql", { "1_c.mjs": module, "more.sql": sql }, "more.sql:2:27"],
];

test.each(cases)(
  "%s is refused by migrate and the build, and nothing runs",
  async (file, files, place) => {
    const root = await folderWith(file, files);
    const message = expect.stringContaining(`file ${place} is not UTF-8: the byte 0xe9`);
    const database = await testDatabase("sqlite");
    const release = defineRelease({
      app: "blog",
      root,
      repos: { main: { adapter: database.adapter, migrations: "m" } },
    }).using(recorder().world);
    await expect(release.migrate()).rejects.toMatchObject({ code: "not_utf8", message });
    expect(await database.tables()).toEqual([]);
    await database.dispose();
    const main = { name: "main", migrations: [join(root, "m")], dataMigrations: [] };
    const folders = [{ ...main, syntax: "postgres" as const }];
    await expect(carry(folders, root)).rejects.toMatchObject({ code: "not_utf8", message });
  },
);

test("check refuses it", async () => {
  const root = await folderWith("a.sql", { "a.sql": sql });
  expect(() => readSqlFiles(["m/a.sql"], root)).toThrow("file m/a.sql:2:27 is not UTF-8");
});

test("what diesel and Drizzle write beside a migration is read in the same way", async () => {
  const root = await folderWith("metadata.toml", {});
  const folder = join(root, "m/2020-01-01-000000_a");
  mkdirSync(folder);
  writeFileSync(join(folder, "up.sql"), "select 1;");
  writeFileSync(join(folder, "down.sql"), "select 1;");
  writeFileSync(join(folder, "metadata.toml"), "# é\nrun_in_transaction = false\n", "latin1");
  const database = await testDatabase("sqlite");
  const repos = { main: { adapter: database.adapter, migrations: "m" } };
  const release = defineRelease({ app: "blog", root, repos }).using(recorder().world);
  const message = expect.stringContaining("metadata.toml:1:3 is not UTF-8");
  await expect(release.migrate()).rejects.toMatchObject({ code: "not_utf8", message });
  await database.dispose();
});
