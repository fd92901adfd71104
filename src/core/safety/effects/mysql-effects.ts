/** What the statements of a script do to tables of MySQL and MariaDB. */
import { type TableChange, tableChange } from "../../sql/mysql-table-change.ts";
import type { Effect } from "./effect.ts";
import { mysqlChanges } from "./mysql-change.ts";
import { MysqlTables } from "./mysql-tables.ts";
import type { Script, ScriptStatement } from "./script.ts";

/** What is known of tables before the first script. */
export function mysqlTables(base: readonly ScriptStatement[] = []): MysqlTables {
  const tables = new MysqlTables();
  for (const { text } of base) {
    const change = tableChange(text);
    if (change !== undefined) tables.take(text, change, plainName(change));
  }
  return tables;
}

/** The effects by statement; `made` are the tables of the run so far, and `tables` all that are known, which grow. */
export function mysqlEffects(
  { statements }: Script,
  made: Set<string>,
  tables: MysqlTables,
): readonly (readonly Effect[])[] {
  // The server checks no row then, so no foreign key needs a copy.
  const checksKeys = !statements.some(({ text }) => /\bforeign_key_checks\b/i.test(text));
  return statements.map(({ text, operation }) => {
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
    return mysqlChanges(text, { change, table, operation, checksKeys, known: before });
  });
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
