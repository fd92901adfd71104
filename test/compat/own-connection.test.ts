/** plan tells of code that opens a connection past that of the migration. */
import { knexMigrations } from "slipway/compat/knex";
import { typeormMigrations } from "slipway/compat/typeorm";
import { expect, it } from "vitest";
import { moduleAlone } from "./project.ts";

const own = "; it opens its own connection";
const knex: readonly (readonly [up: string, told: string])[] = [
  ['const { Client } = require("pg"); await new Client().connect();', own],
  ["const client = new pg.Client(); await client.connect();", own],
  ["const other = await mysql.createConnection(process.env.OTHER);", own],
  ['await knex({ u: "users" }).del();', ""],
  ['// like new Client()\n await knex.raw("select 1"); /* require("pg") */', ""],
  ['const { DataTypes } = require("sequelize");', ""],
];

it.each(knex)("a migration of Knex with %s", async (up, told) => {
  const body = `exports.up = async (knex) => { ${up} }; exports.down = () => {};`;
  const { release } = moduleAlone("20240101000000_a.cjs", body, { modules: knexMigrations() });
  const [plan] = await release.plan();
  expect(plan?.steps[0]?.actions.at(-1)?.words).toBe(`run code: Knex, up${told}`);
});

it("a class of TypeORM", async () => {
  const body =
    "exports.A = class { async up() { await new DataSource({}).initialize(); } async down() {} };";
  const { release } = moduleAlone("20240101000000_a.cjs", body, { modules: typeormMigrations() });
  const [plan] = await release.plan();
  expect(plan?.steps[0]?.actions.at(-1)?.words).toBe(`run code: TypeORM, up${own}`);
});
