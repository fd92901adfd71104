/** Modules of other tools where nobody says whose they are, or says it wrong. */
import { knexMigrations } from "slipway/compat/knex";
import { typeormMigrations } from "slipway/compat/typeorm";
import { describe, expect, it } from "vitest";
import { moduleAlone } from "./project.ts";

const file = "20240101000000_a.cjs";
const plan = (body: string, how = {}) => moduleAlone(file, body, how).release.plan();

describe("a module of another tool", () => {
  it.each([
    [
      "TypeORM's among Knex's",
      "exports.A1 = class A1 { async up(queryRunner) {} };",
      knexMigrations(),
      "it is a migration of TypeORM",
      'The modules of its repo are those of Knex, and a repo has those of one tool: write modules: typeormMigrations() of "slipway/compat/typeorm", or move the file out of the folder.',
    ],
    [
      "Knex's among TypeORM's",
      "exports.up = (knex) => knex.schema.dropTable('a');",
      typeormMigrations(),
      "it is a migration of Knex",
      'The modules of its repo are those of TypeORM, and a repo has those of one tool: write modules: knexMigrations() of "slipway/compat/knex", or move the file out of the folder.',
    ],
  ])("is refused by its name: %s", async (_, body, modules, reason, hint) => {
    await expect(plan(body, { modules })).rejects.toMatchObject({
      message: `file ${file}: ${reason}`,
      hint,
    });
  });

  it.each([
    [
      "Umzug",
      "exports.up = async params => { await params.context.dropTable('a'); };",
      "Sequelize",
    ],
    ["Umzug", "exports.up = async function ({ name, context }) {};", "Sequelize"],
  ])("as %s writes it is known", async (_, body, label) => {
    await expect(plan(body)).rejects.toThrow(`it is a migration of ${label}`);
  });

  it.each([
    [
      "that is asynchronous",
      "exports.up = async (store) => { await store`select 1`; };",
      "a migration's function must not be async",
    ],
    [
      "that calls what it is given",
      "exports.up = (sql) => sql`select 1`;",
      "sql is not a function",
    ],
    [
      "that asks for a part of it",
      "exports.up = (api) => api.db.x.drop();",
      "Cannot read properties",
    ],
  ])("%s is told of slipway/compat, whosever it is", async (_, body, reason) => {
    await expect(plan(body)).rejects.toMatchObject({
      message: expect.stringContaining(reason),
      hint: expect.stringMatching(
        /If another tool wrote it, its repo needs modules: with what slipway\/compat has for that tool\.$/,
      ),
    });
  });
});
