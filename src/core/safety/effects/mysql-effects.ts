/** Foretells the effects of a script's statements on tables of MySQL and MariaDB. */
import { saysHow, type TableChange, tableChange } from "../../sql/mysql-table-change.ts";
import type { Effect } from "./effect.ts";
import { mariadbCopy, rebuiltKey } from "./mariadb-copies.ts";
import { mysqlChanges } from "./mysql-change.ts";
import { MysqlSchema } from "./mysql-refusals.ts";
import { MysqlTables } from "./mysql-tables.ts";
import type { Script, ScriptStatement } from "./script.ts";

/** The tables before the first script, as far as earlier statements show them. */
export function mysqlTables(base: readonly ScriptStatement[] = []): MysqlTables {
  const tables = new MysqlTables();
  for (const { text } of base) {
    const change = tableChange(text);
    if (change !== undefined) tables.take(text, change, plainName(change));
  }
  return tables;
}

/** The same, for what the servers refuse. */
export function mysqlSchema(base: readonly ScriptStatement[] | undefined): MysqlSchema {
  const schema = new MysqlSchema(base !== undefined);
  for (const { text } of base ?? []) schema.run(text, { checksKeys: false });
  return schema;
}

const source = "https://dev.mysql.com/doc/refman/8.4/en/alter-table.html";

/** The effects by statement; `made` are the tables of the run so far, and `tables` all that are known, which grow. */
export function mysqlEffects(
  { statements, runsCode }: Script,
  made: Set<string>,
  { tables, schema }: { readonly tables: MysqlTables; readonly schema: MysqlSchema },
): readonly (readonly Effect[])[] {
  if (runsCode === true) schema.forgetAll();
  // The server checks no row then, so no foreign key needs a copy.
  const checksKeys = !statements.some(({ text }) => /\bforeign_key_checks\b/i.test(text));
  return statements.map(({ text, operation }) => {
    const old = schema.tableOf(text);
    const why = schema.run(text, { checksKeys });
    if (why !== undefined) return [{ kind: "fails", why, source }];
    const renamed = renamedTo(text);
    if (renamed !== undefined) {
      made.add(renamed);
      tables.forget(renamed);
    }
    const change = tableChange(text);
    const optimized =
      /^\s*OPTIMIZE\s+(?:NO_WRITE_TO_BINLOG\s+|LOCAL\s+)?TABLE\s+([^\s,;]+)\s*;?\s*$/i.exec(
        text,
      )?.[1];
    if (optimized !== undefined) {
      const table = plainName({ table: optimized });
      if (made.has(table)) return [];
      return [{ kind: "mysql change", way: "rebuild", table, what: `a rebuild of ${table}` }];
    }
    if (change === undefined) return [];
    const table = plainName(change);
    const known = tables.find(table);
    const before = known && { ...known, columns: new Map(known.columns) };
    tables.take(text, change, table);
    if (change.kind === "create_table") {
      made.add(table);
      return [{ kind: "table made", name: table }];
    }
    if (made.has(table)) return [];
    const changes = mysqlChanges(text, { change, table, operation, checksKeys, known: before });
    const now = schema.find(table);
    const isCopied = saysHow(change) || changes.some(({ way }) => way === "copy");
    if (old === undefined || now === undefined || isCopied) return changes;
    const specs = text.slice(change.nameEnd);
    const what = mariadbCopy(specs, old, now);
    if (what === undefined && changes.some(({ way }) => way === "shared")) return changes;
    if (what === undefined) return [...changes, ...rebuilt(rebuiltKey(specs, old, now), table)];
    const only = "MariaDB";
    return [
      ...changes,
      { kind: "mysql change", way: "copy", only, table, what: `${what} of ${table}` },
    ];
  });
}

function rebuilt(what: string | undefined, table: string): readonly Effect[] {
  return what === undefined
    ? []
    : [{ kind: "mysql change", way: "rebuild", table, what: `${what} of ${table}` }];
}

/** `` `blog`.`posts` `` → `blog.posts` */
function plainName({ table }: Pick<TableChange, "table">): string {
  return table.replace(/`((?:[^`]|``)*)`/g, (_, name: string) => name.replaceAll("``", "`"));
}

/** The new name of a table: under it the table's age is not known, so it is taken for new. */
function renamedTo(sql: string): string | undefined {
  const name = /^(?:RENAME\s+TABLE\b.*|ALTER\s+TABLE\b.*\bRENAME)\s+(?:TO|AS)\s+([^\s,;]+)\s*$/is;
  const [, table] = name.exec(sql) ?? [];
  return table === undefined ? undefined : plainName({ table });
}
