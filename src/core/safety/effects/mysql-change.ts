/**
 * The best way in which the servers can make a change of a table, where all of them agree and its words say so.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html,
 * https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/
 */
import type { SchemaOperation } from "../../language/operation.ts";
import { lex } from "../../sql/lexer.ts";
import { saysHow, type TableChange } from "../../sql/mysql-table-change.ts";
import { isCode, type Token, wordOf } from "../../sql/token.ts";
import type { MysqlChange } from "./effect.ts";
import { typeChangeWay } from "./mysql-type-change.ts";

export type ChangeInput = {
  readonly change: TableChange;
  /** Without quotes. */
  readonly table: string;
  readonly operation: SchemaOperation | undefined;
  /** Whether the server looks for the parents of old rows. */
  readonly checksKeys: boolean;
};

type Part = Pick<MysqlChange, "way" | "what">;

/** The worst of what a statement asks for, since that decides for all of it. */
export function mysqlChanges(sql: string, input: ChangeInput): readonly MysqlChange[] {
  const { change, table, operation } = input;
  if (saysHow(change) || /\/\*M?!/.test(sql)) return [];
  const parts = change.kind === "index" ? ofIndex(change) : ofAlter(sql, input);
  const all = [...parts, ...typeChangeWay(operation)];
  const worst = (["copy", "shared", "rebuild"] as const).find((way) =>
    all.some((part) => part.way === way),
  );
  return all
    .filter(({ way }) => way === worst)
    .map(({ way, what }) => ({ kind: "mysql change", way, table, what: `${what} of ${table}` }));
}

function ofIndex({ words }: TableChange): readonly Part[] {
  const kind = words.slice(0, 5).find((word) => word === "FULLTEXT" || word === "SPATIAL");
  return kind === undefined ? [] : [{ way: "shared", what: `a ${kind.toLowerCase()} index` }];
}

function ofAlter(sql: string, { change, checksKeys }: ChangeInput): readonly Part[] {
  const specs = specsOf(sql.slice(change.nameEnd));
  const addsKey = specs.some((spec) => /^ADD\b.*\bPRIMARY KEY\b/.test(spec));
  return specs.flatMap((spec): readonly Part[] => {
    if (foreignKey.test(spec)) return checksKeys ? [{ way: "copy", what: "a foreign key" }] : [];
    if (check.test(spec) && !spec.includes("ENFORCED"))
      return [{ way: "copy", what: "a check constraint" }];
    if (spec === "DROP PRIMARY KEY" && !addsKey)
      return [{ way: "copy", what: "the dropped primary key" }];
    if (/^ADD (FULLTEXT|SPATIAL)\b/.test(spec))
      return [{ way: "shared", what: `a ${spec.split(" ")[1]?.toLowerCase()} index` }];
    if (primaryKey.test(spec)) return [{ way: "rebuild", what: "a primary key" }];
    if (spec === "FORCE") return [{ way: "rebuild", what: "a rebuild" }];
    return ofNewColumn(spec);
  });
}

const named = "(?:CONSTRAINT (?:\\S+ )??)?";
const foreignKey = new RegExp(`^ADD ${named}FOREIGN KEY\\b`);
const check = new RegExp(`^ADD ${named}CHECK \\(`);
const primaryKey = new RegExp(`^ADD ${named}PRIMARY KEY\\b`);

function ofNewColumn(spec: string): readonly Part[] {
  if (!/^ADD\b/.test(spec) || /^ADD (INDEX|KEY|UNIQUE|CONSTRAINT)\b/.test(spec)) return [];
  if (/\bAS \(.*\) (STORED|PERSISTENT)\b/.test(spec))
    return [{ way: "copy", what: "a stored generated column" }];
  if (/\bDEFAULT (\( )*(UUID|UUID_SHORT|RAND) \(/.test(spec))
    return [{ way: "copy", what: "a new column with another default in each row" }];
  if (/\bAUTO_INCREMENT\b(?! =)/.test(spec))
    return [{ way: "shared", what: "a new column that counts by itself" }];
  return [];
}

/** What an ALTER TABLE asks for, one by one, as words in upper case; `·` is a name in quotes or a value. */
function specsOf(sql: string): readonly string[] {
  const specs: Token[][] = [[]];
  let depth = 0;
  for (const token of lex(sql, "mysql")) {
    if (!isCode(token)) continue;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0 && token.text === ",") specs.push([]);
    else specs.at(-1)?.push(token);
  }
  return specs.map((spec) => spec.map(shown).join(" "));
}

function shown(token: Token): string {
  return wordOf(token) || (token.kind === "symbol" ? token.text : "·");
}
