/**
 * The best way in which the servers can make a change of a table, where all of them agree and its words say so.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html,
 * https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/
 */
import type { SchemaOperation } from "../../language/operation.ts";
import { saysHow, type TableChange } from "../../sql/mysql-table-change.ts";
import type { Token } from "../../sql/token.ts";
import type { MysqlChange } from "./effect.ts";
import { columnChangeWay } from "./mysql-column.ts";
import { shownSpec, specTokens } from "./mysql-specs.ts";
import { changedColumn, type MysqlTable } from "./mysql-tables.ts";
import { typeChangeWay } from "./mysql-type-change.ts";

export type ChangeInput = {
  readonly change: TableChange;
  /** Without quotes. */
  readonly table: string;
  readonly operation: SchemaOperation | undefined;
  /** Whether the server looks for the parents of old rows. */
  readonly checksKeys: boolean;
  /** The table before the statement, as far as migrations show it. Default: unknown. */
  readonly known?: MysqlTable | undefined;
};

type Part = Pick<MysqlChange, "way" | "what">;

/** The worst of what a statement asks for, since that decides for all of it. */
export function mysqlChanges(sql: string, input: ChangeInput): readonly MysqlChange[] {
  const { change, table, operation } = input;
  if (/\/\*M?!/.test(sql)) return [];
  const partitions =
    change.kind === "alter_table"
      ? ofPartitions(shownSpec(specTokens(sql.slice(change.nameEnd))[0] ?? []))
      : [];
  if (partitions.length === 0 && saysHow(change)) return [];
  const parts =
    partitions.length > 0
      ? partitions
      : change.kind === "index"
        ? ofIndex(change)
        : ofAlter(sql, input);
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

/** These take no word about how, and stop who writes to the rows that they write anew. */
function ofPartitions(spec: string): readonly Part[] {
  if (/\b(ALGORITHM|LOCK)\b/.test(spec)) return [];
  if (/^REMOVE PARTITIONING\b/.test(spec))
    return [{ way: "copy", what: "the removed partitioning" }];
  if (/^PARTITION BY\b/.test(spec)) return [{ way: "copy", what: "the new partitioning" }];
  if (/^REORGANIZE PARTITION\b.* INTO \(/.test(spec))
    return [{ way: "shared", what: "the reorganized partitions" }];
  return [];
}

function ofAlter(sql: string, { change, checksKeys, known }: ChangeInput): readonly Part[] {
  const found = specTokens(sql.slice(change.nameEnd));
  const addsKey = found.some((spec) => /^ADD\b.*\bPRIMARY KEY\b/.test(shownSpec(spec)));
  return found.flatMap((tokens): readonly Part[] => {
    const spec = shownSpec(tokens);
    const ofColumn = known === undefined ? [] : ofKnownColumn(tokens, known);
    if (ofColumn.length > 0) return ofColumn;
    if (foreignKey.test(spec)) return checksKeys ? [{ way: "copy", what: "a foreign key" }] : [];
    if (check.test(spec) && !spec.includes("ENFORCED"))
      return [{ way: "copy", what: "a check constraint" }];
    if (spec === "DROP PRIMARY KEY" && !addsKey)
      return [{ way: "copy", what: "the dropped primary key" }];
    if (/^ADD (FULLTEXT|SPATIAL)\b/.test(spec))
      return [{ way: "shared", what: `a ${spec.split(" ")[1]?.toLowerCase()} index` }];
    if (primaryKey.test(spec)) return [{ way: "rebuild", what: "a primary key" }];
    if (spec === "FORCE" || /^(ENGINE|ROW_FORMAT)\b/.test(spec))
      return [{ way: "rebuild", what: "a rebuild" }];
    if (spec === "ADD SYSTEM VERSIONING") return [{ way: "copy", what: "system versioning" }];
    return ofNewColumn(spec);
  });
}

const named = "(?:CONSTRAINT (?:\\S+ )??)?";
const foreignKey = new RegExp(`^ADD ${named}FOREIGN KEY\\b`);
const check = new RegExp(`^ADD ${named}CHECK \\(`);
const primaryKey = new RegExp(`^ADD ${named}PRIMARY KEY\\b`);

function ofKnownColumn(
  tokens: readonly Token[],
  { columns, charset, key }: MysqlTable,
): readonly Part[] {
  const converted = /^CONVERT TO (?:CHARACTER SET|CHARSET) (\S+)/.exec(shownSpec(tokens))?.[1];
  if (converted !== undefined) {
    const isSure = charset !== converted.toLowerCase() && /^(latin1|utf8mb4)$/.test(charset ?? "");
    return isSure ? [{ way: "copy", what: "the new character set" }] : [];
  }
  const { from, column } = changedColumn(tokens, charset) ?? {};
  const was = from === undefined ? undefined : columns.get(from);
  if (was === undefined || column === undefined) return [];
  const way = columnChangeWay(was, column);
  if (way === undefined || (way === "rebuild" && key.has(from ?? ""))) return [];
  const what = way === "copy" ? "the new type" : "NULL or NOT NULL";
  return [{ way, what: `${what} of ${from}` }];
}

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
