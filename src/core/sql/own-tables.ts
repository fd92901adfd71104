/** A dump of a database that Slipway manages holds Slipway's own tables, which are there already when it runs. */
import { blank } from "./own-transaction.ts";
import { type PlacedStatement, placeStatements } from "./statements.ts";
import type { SqlSyntax } from "./token.ts";

/** The words that pg_dump writes about a table, up to its name. */
const about =
  /^(?:CREATE (?:UNLOGGED )?TABLE|ALTER TABLE(?: ONLY)?|COPY|INSERT INTO|(?:CREATE|ALTER) SEQUENCE|COMMENT ON (?:TABLE|COLUMN)|SELECT pg_catalog\.setval\('|(?:GRANT|REVOKE) .*? ON (?:TABLE |SEQUENCE )?|CREATE (?:UNIQUE )?INDEX \S+ ON(?: ONLY)?)\s*(?:[\w"]+\.)?"?(\w+)/is;

/**
 * Takes statements about our own tables out of a dump. This run writes its own history, and another
 * database has run other migrations than this one. A history table of another name is known by its
 * columns.
 */
export function withoutOwnTables(sql: string, syntax: SqlSyntax): string {
  if (syntax !== "postgres" || !isDump(sql)) return sql;
  const placed = placeStatements(sql, syntax);
  const isOwn = ownTablesOf(placed);
  return placed.filter(isOwn).reduce(blank, sql);
}

/** Whether pg_dump wrote it. */
export function isDump(sql: string): boolean {
  return /^-- PostgreSQL database dump\b/m.test(sql);
}

type OfDump = Pick<PlacedStatement, "sql">;

/** Which statements of a dump are about tables of ours. One that makes a history of another name must be known before. */
export function ownTablesOf(known: Iterable<OfDump>): (statement: OfDump) => boolean {
  const histories = new Set<string>();
  const learn = ({ sql }: OfDump) => {
    if (!/^CREATE TABLE/.test(sql) || !/\bmeaning\b.*\bplan\b.*\brun_id\b/s.test(sql)) return;
    const name = about.exec(sql)?.[1];
    if (name !== undefined) histories.add(name);
  };
  for (const statement of known) learn(statement);
  return (statement) => {
    learn(statement);
    const [, name = ""] = about.exec(statement.sql) ?? [];
    return /^(?:slipway_\w+|(?:schema|data)_migrations)$/.test(name) || histories.has(name);
  };
}
