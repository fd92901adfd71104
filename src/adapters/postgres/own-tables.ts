/** The table of the lock, and the rights to Slipway's own tables. */
import type { Grant, GrantedTables, Users } from "../../core/language/dialect.ts";
import type { Named } from "../../core/model/named.ts";
import { builtin } from "./own-names.ts";
import { quote, quoteNamed } from "./sql-text.ts";

/** The statement without `IF NOT EXISTS`, so that whoever comes second hears of it. */
export function createLockTable(table: string): string {
  const text = builtin("text");
  return `CREATE TABLE ${table} (name ${text} PRIMARY KEY, fence bigint NOT NULL, application ${text}, taken_at ${builtin("timestamptz")}, worker ${text}, earlier ${text})`;
}

export function lockTable(history: Named): string {
  return createLockTable(`IF NOT EXISTS ${quoteNamed({ ...history, name: "slipway_lock" })}`);
}

/** https://www.postgresql.org/docs/current/ddl-priv.html */
export function grants(users: Users, { all, histories }: GrantedTables): readonly Grant[] {
  const [migrator, app, reader] = [users.migrator, users.app, users.reader].map(quote);
  const list = (tables: readonly Named[]) => tables.map(quoteNamed).join(", ");
  const schema = quote(all[0]?.prefix ?? "public");
  return [
    {
      words: "the migrator makes the tables of the migrations here, and snapshots of backfills",
      sql: `GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${migrator}`,
    },
    {
      words: "the migrator writes down what it did",
      sql: `GRANT SELECT, INSERT, UPDATE, DELETE ON ${list(all)} TO ${migrator}`,
    },
    {
      words: "the app and whoever looks find the schema",
      sql: `GRANT USAGE ON SCHEMA ${schema} TO ${app}, ${reader}`,
    },
    {
      words: "the app asks whether it can start: wait, assertMigrated, readiness",
      sql: `GRANT SELECT ON ${list(histories)} TO ${app}`,
    },
    {
      words: "whoever looks: status, history, verify, plan, backfill list and show",
      sql: `GRANT SELECT ON ${list(all)} TO ${reader}`,
    },
  ];
}
