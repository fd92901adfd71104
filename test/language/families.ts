/** The databases that the language is tested on, by name, and how each spells SQL. */
import { mysqlDialect } from "../../src/adapters/mysql/dialect.ts";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import { sqliteDialect } from "../../src/adapters/sqlite/dialect.ts";
import type { Dialect } from "../../src/core/language/dialect.ts";

/** A spelling of SQL. PGlite has PostgreSQL's. */
export type Family = "postgres" | "mysql" | "mariadb" | "sqlite";

/** The dialects, for what only needs spelling. */
export const dialects: { readonly [Name in Family]: Dialect } = {
  postgres: postgresDialect,
  mysql: mysqlDialect({ flavor: "mysql", version: [8, 4, 0] }),
  mariadb: mysqlDialect({ flavor: "mariadb", version: [10, 11, 6] }),
  sqlite: sqliteDialect,
};

export const placeNames = ["postgres", "pglite", "mariadb", "sqlite"] as const;
export type PlaceName = (typeof placeNames)[number];

/** Whose spelling a database has. */
export function familyOf(name: PlaceName): Family {
  return name === "pglite" ? "postgres" : name;
}
