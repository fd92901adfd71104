/** Tools make a table of SQLite anew to change it: the rows that refer to it stay. */
import { join } from "node:path";
import { knexMigrations } from "slipway/compat/knex";
import { sequelizeMigrations } from "slipway/compat/sequelize";
import { sqlite } from "slipway/sqlite";
import { describe, expect, it } from "vitest";
import { emptyProject, quietRelease, rowsOf, writeFile } from "./project.ts";

const tables = `
create table users (id integer primary key, email text, role text);
create table posts (id integer primary key, user_id integer references users (id) on delete cascade);
insert into users values (1, 'a', 'x'), (2, 'b', 'y');
insert into posts values (1, 1), (2, 2);
`;

const tools = [
  [
    "Knex",
    "exports.up = (knex) => knex.schema.alterTable('users', (t) => t.dropColumn('role'));",
    "exports.up = (knex) => knex('users').where({ id: 1 }).del();",
    knexMigrations(),
  ],
  [
    "Sequelize",
    "exports.up = (queryInterface) => queryInterface.removeColumn('users', 'role');",
    "exports.up = (queryInterface) => queryInterface.bulkDelete('users', { id: 1 });",
    sequelizeMigrations(),
  ],
] as const;

describe.each(tools)("%s on SQLite", (_, change, remove, modules) => {
  const project = (body: string) => {
    const folder = emptyProject();
    writeFile(folder, "1_tables.sql", tables);
    writeFile(folder, "2_change.cjs", body);
    const adapter = sqlite({ path: join(folder, "test.db") });
    return { adapter, release: quietRelease(folder, { adapter, migrations: ".", modules }) };
  };

  it("keeps the rows that refer to a table which it makes anew", async () => {
    const { adapter, release } = project(change);
    await release.migrate();
    expect(await rowsOf(adapter, "select * from users")).toEqual([
      { id: 1, email: "a" },
      { id: 2, email: "b" },
    ]);
    expect(await rowsOf(adapter, "select id from posts order by id")).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    const [{ foreign_keys: on } = {}] = await rowsOf(adapter, "pragma foreign_keys");
    expect(on).toBe(1);
  });

  it("refuses to leave rows that refer to nothing", async () => {
    const { adapter, release } = project(remove);
    await expect(release.migrate()).rejects.toThrow(/foreign key/i);
    expect(await rowsOf(adapter, "select id from users")).toHaveLength(2);
  });
});
