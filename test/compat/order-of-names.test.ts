/** Names that only a sort of text puts in order, and numbers that two files have: as Knex itself runs them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import makeKnex from "knex";
import { knexMigrations } from "slipway/compat/knex";
import { typeormMigrations } from "slipway/compat/typeorm";
import { postgres } from "slipway/postgres";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { emptyProject, quietRelease, standing, writeFile } from "./project.ts";
import { runTool } from "./tool.ts";

const files: readonly (readonly [file: string, sql: string])[] = [
  ["20240101000000_users.js", "create table users (id int)"],
  // Two digits too many: by number it would be the last.
  ["2024020109170956_scripts.js", "create table scripts (id int)"],
  ["20240301000000_a_name.js", "alter table scripts add name text"],
  ["20240301000000_b_note.js", "alter table scripts add note text"],
  ["20240401000000_more.js", "alter table users add more text"],
];

it.each([1, 3, 4])("after %i of Knex's own, the rest runs in Knex's order", async (half) => {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  for (const [file, sql] of files)
    writeFile(
      folder,
      `migrations/${file}`,
      `exports.up = (knex) => knex.raw("${sql}"); exports.down = () => {};`,
    );
  const knex = makeKnex({ client: "pg", connection: database.url });
  const directory = join(folder, "migrations");
  for (let i = 0; i < half; i += 1) await knex.migrate.up({ directory });
  await knex.destroy();

  const adapter = postgres({ url: database.url });
  const modules = knexMigrations();
  const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
  expect((await release.adopt("main")).recorded).toHaveLength(half);
  await release.migrate();
  expect(await standing(release)).toEqual(
    ["users", "scripts", "a_name", "b_note", "more"].map((name) => `up ${name}`),
  );
  const [status] = await release.migrationStatus();
  expect(status?.migrations.map(({ version }) => version)).toEqual([
    "20240101000000",
    "2024020109170956",
    "20240301000000_a_name",
    "20240301000000_b_note",
    "20240401000000",
  ]);
  await release.rollback("main", { step: 2 });
  expect((await standing(release)).slice(2)).toEqual(["up a_name", "down b_note", "down more"]);

  await release.adoptBack("main");
  const names = await ask(database.url, "select name from knex_migrations order by id");
  expect(names.map(({ name }) => name)).toEqual(files.slice(0, 3).map(([file]) => file));
  expect(readFileSync(join(directory, files[4]![0]), "utf8")).toContain("more");
});

it("classes of TypeORM run in the order of their stamps, whatever their files are called", async () => {
  const [theirs, ours] = [await freshDatabase(), await freshDatabase()];
  onTestFinished(async () => void (await Promise.all([theirs.drop(), ours.drop()])));
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  const classes = [
    ["1704067200009-users.js", "Users1704067200000", "create table users (id int)"],
    ["1704067200005-note.js", "Note1704067200005", "alter table users add note text"],
    ["1704067200001-more.js", "More1704067200008", "alter table users add more text"],
  ];
  for (const [file, name, sql] of classes)
    writeFile(
      folder,
      `migrations/${file}`,
      `module.exports = class ${name} { async up(queryRunner) { await queryRunner.query("${sql}"); } async down() {} };`,
    );
  writeFile(
    folder,
    "source.js",
    `const { DataSource } = require("typeorm");
module.exports = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, migrations: ["migrations/*.js"] });`,
  );
  await runTool(folder, ["typeorm", "migration:run", "-d", "source.js"], {
    DATABASE_URL: theirs.url,
  });
  const ran = await ask(theirs.url, "select name from migrations order by id");
  expect(ran.map(({ name }) => name)).toEqual(classes.map(([, name]) => name));

  const adapter = postgres({ url: ours.url });
  const modules = typeormMigrations();
  const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
  await release.migrate();
  expect(await standing(release)).toEqual(["up users", "up note", "up more"]);
  await release.rollback("main", { step: 1 });
  expect(await standing(release)).toEqual(["up users", "up note", "down more"]);
});
