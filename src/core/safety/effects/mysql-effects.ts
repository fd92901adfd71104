/** What the statements of a script do to tables of MySQL and MariaDB. */
import { type TableChange, tableChange } from "../../sql/mysql-table-change.ts";
import type { Effect } from "./effect.ts";
import { mysqlChanges } from "./mysql-change.ts";
import type { Script } from "./script.ts";

/** The effects by statement; `made` are the tables of the run so far, which grows. */
export function mysqlEffects(
  { statements }: Script,
  made: Set<string>,
): readonly (readonly Effect[])[] {
  // The server checks no row then, so no foreign key needs a copy.
  const checksKeys = !statements.some(({ text }) => /\bforeign_key_checks\b/i.test(text));
  return statements.map(({ text, operation }) => {
    const renamed = renamedTo(text);
    if (renamed !== undefined) made.add(renamed);
    const change = tableChange(text);
    if (change === undefined) return [];
    const table = plainName(change);
    if (change.kind === "create_table") {
      made.add(table);
      return [{ kind: "table made", name: table }];
    }
    if (made.has(table)) return [];
    return mysqlChanges(text, { change, table, operation, checksKeys });
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
