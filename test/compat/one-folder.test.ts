/** Knex and its like read one folder; what lies below it is helpers, or was put away. */
import { join } from "node:path";
import { knexMigrations } from "slipway/compat/knex";
import { typeormMigrations } from "slipway/compat/typeorm";
import { sqlite } from "slipway/sqlite";
import { expect, it } from "vitest";
import { emptyProject, quietRelease, standing, writeFile } from "./project.ts";

const knexModule = (table: string) =>
  `exports.up = (knex) => knex.raw("create table ${table} (id int)"); exports.down = () => {};`;

it("runs the modules of the folder, and says which lie below and do not", async () => {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  writeFile(folder, "migrations/20240102000000_now.js", knexModule("now"));
  writeFile(folder, "migrations/archives/20230101000000_then.js", knexModule("old"));
  const adapter = sqlite({ path: join(folder, "test.db") });
  const said: string[] = [];
  const release = quietRelease(folder, {
    ...{ adapter, migrations: "migrations", modules: knexMigrations() },
  }).using({ emit: (event) => void (event.type === "warning" && said.push(event.message)) });
  await release.migrate();
  expect(await standing(release)).toEqual(["up now"]);
  expect(said).toContain(
    "migrations: read as Knex's, which reads one folder: what lies in migrations/archives/ does not run",
  );
});

it("reads what lies below a folder that has none itself, and what TypeORM's patterns may reach", async () => {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  writeFile(folder, "knex/2024/20240102000000_now.js", knexModule("now"));
  const typeorm = (name: string, table: string) =>
    `exports.${name} = class { up(queryRunner) { return queryRunner.query("create table ${table} (id int)"); } async down() {} };`;
  writeFile(folder, "typeorm/1704067200000-a.js", typeorm("A1704067200000", "a"));
  writeFile(folder, "typeorm/below/1704067300000-b.js", typeorm("B1704067300000", "b"));
  const adapter = (name: string) => sqlite({ path: join(folder, `${name}.db`) });
  const ofKnex = quietRelease(folder, {
    ...{ adapter: adapter("knex"), migrations: "knex", modules: knexMigrations() },
  });
  await ofKnex.migrate();
  expect(await standing(ofKnex)).toEqual(["up now"]);
  const ofTypeorm = quietRelease(folder, {
    ...{ adapter: adapter("typeorm"), migrations: "typeorm", modules: typeormMigrations() },
  });
  await ofTypeorm.migrate();
  expect(await standing(ofTypeorm)).toEqual(["up a", "up b"]);
});

it("reads text in double quotes as the sqlite3 driver does, where no column is called so", async () => {
  const folder = emptyProject();
  writeFile(folder, "package.json", "{}");
  const sql = [
    "create table a (id int, kind text)",
    'insert into a (id, "kind") select 1, "kind" || "it\'s"',
    'insert into a (id, "kind") values (2, "")',
  ];
  const queries = sql.map((one) => `await queryRunner.query(${JSON.stringify(one)});`).join("\n");
  writeFile(
    folder,
    "migrations/1704067200000-a.js",
    `exports.A1704067200000 = class { async up(queryRunner) { ${queries} } async down() {} };`,
  );
  const adapter = sqlite({ path: join(folder, "test.db") });
  const modules = typeormMigrations();
  await quietRelease(folder, { adapter, migrations: "migrations", modules }).migrate();
  const session = await adapter.open({ role: "work", application: "test" });
  const rows = await session.query("select id, kind from a order by id");
  await session.close();
  expect(rows).toEqual([
    { id: 1, kind: "kindit's" },
    { id: 2, kind: "" },
  ]);
});
