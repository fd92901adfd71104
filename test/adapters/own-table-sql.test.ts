/** Tables of Slipway's own are spelled as the compiler of the language would spell them. */
import { expect, it } from "vitest";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { ownTables } from "../../src/engine/own-tables.ts";

const tables = [{ name: "schema_migrations" }, { name: 'odd "name"', prefix: "ops" }]
  .flatMap(ownTables)
  .map((own) => [own.table.name, own] as const);

it.each(tables)("%s", (_, { table, columns }) => {
  const { compileOwn, compile } = postgresDialect;
  const definition = { columns, constraints: [] };
  expect(compileOwn?.({ change: "create", table, columns })).toEqual(
    compile({ kind: "create_table", table, definition, ifNotExists: true }),
  );
  const changes = columns
    .filter(({ primaryKey }) => primaryKey !== true)
    .map((column) => ({ kind: "add_column", column }) as const);
  const added = changes.map(({ column }) => column);
  expect(compileOwn?.({ change: "add", table, columns: added })).toEqual(
    compile({ kind: "alter_table", table, changes }),
  );
});
