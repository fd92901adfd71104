/** A dump of a database that Slipway manages holds Slipway's own tables, which are there already when it runs. */
import { blank } from "./own-transaction.ts";
import { placeStatements } from "./statements.ts";
import type { SqlSyntax } from "./token.ts";

/** What pg_dump writes about a table, up to its name. */
const about =
  /^(?:CREATE (?:UNLOGGED )?TABLE|ALTER TABLE(?: ONLY)?|COPY|INSERT INTO|(?:CREATE|ALTER) SEQUENCE|COMMENT ON (?:TABLE|COLUMN)|SELECT pg_catalog\.setval\('|(?:GRANT|REVOKE) .*? ON (?:TABLE |SEQUENCE )?|CREATE (?:UNIQUE )?INDEX \S+ ON(?: ONLY)?)\s*(?:[\w"]+\.)?"?(\w+)/is;

/**
 * Takes what is about them out of a dump: this run writes its own history, and what another database has run is not
 * what this one has. A history table of another name is known by its columns.
 */
export function withoutOwnTables(sql: string, syntax: SqlSyntax): string {
  if (syntax !== "postgres" || !/^-- PostgreSQL database dump\b/m.test(sql)) return sql;
  const placed = placeStatements(sql, syntax);
  const histories = placed.flatMap((one) =>
    /^CREATE TABLE/.test(one.sql) && /\bmeaning\b.*\bplan\b.*\brun_id\b/s.test(one.sql)
      ? (about.exec(one.sql)?.[1] ?? [])
      : [],
  );
  const isOwn = (name = "") =>
    /^(?:slipway_\w+|(?:schema|data)_migrations)$/.test(name) || histories.includes(name);
  return placed.filter((one) => isOwn(about.exec(one.sql)?.[1])).reduce(blank, sql);
}
