/** The table of the lock, and the rights to Slipway's own tables. */
import type { Grant, GrantedTables, Users } from "../../core/language/dialect.ts";
import type { Named } from "../../core/model/named.ts";
import { quote, quoteNamed } from "./sql-text.ts";

export function createLockTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (name varchar(255) NOT NULL PRIMARY KEY, fence bigint NOT NULL, application varchar(255), taken_at datetime, worker varchar(255), earlier text) ENGINE = INNODB`;
}

export function lockTable(history: Named): string {
  return createLockTable(quoteNamed({ ...history, name: "slipway_lock" }));
}

/** https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html */
export function grants(users: Users, { all, histories }: GrantedTables): readonly Grant[] {
  const [migrator, app, reader] = [users.migrator, users.app, users.reader].map(account);
  const prefix = all[0]?.prefix;
  const database = prefix === undefined ? "*" : `${quote(prefix)}.*`;
  const each = (right: string, tables: readonly Named[], user: string | undefined, words: string) =>
    tables.map((table) => ({ words, sql: `GRANT ${right} ON ${quoteNamed(table)} TO ${user}` }));
  return [
    {
      words: "the migrator changes the tables of the migrations, and writes Slipway's own",
      sql: `GRANT ${ofMigrator} ON ${database} TO ${migrator}`,
    },
    ...each("SELECT", histories, app, "the app asks whether it can start: wait, assertMigrated"),
    ...each("SELECT", all, reader, "whoever looks: status, history, verify, plan, backfill show"),
  ];
}

const ofMigrator =
  "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, CREATE ROUTINE, ALTER ROUTINE, EXECUTE";

/** `name` is let in from any host; `name@host` from that one. */
function account(name: string): string {
  const [user = "", host = "%"] = name.split("@");
  return `${text(user)}@${text(host)}`;
}

function text(words: string): string {
  return `'${words.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
