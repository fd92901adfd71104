/** A table as SHOW CREATE TABLE writes it: one line for each column, key and constraint. */
import { quote } from "../sql-text.ts";

export type TableText = {
  /** Each line by the name of its column. */
  readonly columns: ReadonlyMap<string, string>;
  /** By their names; `PRIMARY` for the primary one. */
  readonly keys: ReadonlyMap<string, string>;
  readonly checks: ReadonlyMap<string, string>;
  readonly foreign: ReadonlyMap<string, string>;
  /** `ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`. */
  readonly options: string;
  /** Lines of another kind, and how it is cut into partitions. */
  readonly rest: readonly string[];
};

export function readTable(definition: string): TableText {
  const lines = definition.split("\n");
  const end = lines.findLastIndex((line) => line.startsWith(") "));
  const [columns, keys, checks, foreign] = [
    new Map<string, string>(),
    new Map<string, string>(),
    new Map<string, string>(),
    new Map<string, string>(),
  ];
  const rest = lines.slice(end + 1);
  for (const item of lines.slice(1, end)) {
    const line = item.trim().replace(/,$/, "");
    const name = nameIn(line);
    if (line.startsWith("`")) columns.set(name, line);
    else if (line.startsWith("PRIMARY KEY ")) keys.set("PRIMARY", line);
    else if (/^((UNIQUE|FULLTEXT|SPATIAL) )?KEY /.test(line)) keys.set(name, line);
    else if (/^CONSTRAINT `(?:[^`]|``)*` FOREIGN KEY /.test(line)) foreign.set(name, line);
    else if (/^CONSTRAINT `(?:[^`]|``)*` CHECK /.test(line)) checks.set(name, line);
    else rest.push(line);
  }
  return { columns, keys, checks, foreign, options: lines[end]?.slice(2) ?? "", rest };
}

export function printTable(name: string, table: TableText): string {
  const { columns, keys, checks, foreign, options, rest } = table;
  const lines = [columns, keys, foreign, checks].flatMap((part) => [...part.values()]);
  const body = lines.map((line) => `  ${line}`).join(",\n");
  return [`CREATE TABLE ${quote(name)} (\n${body}\n) ${options}`, ...rest].join("\n");
}

/** The first name in backticks. */
export function nameIn(text: string): string {
  return namesIn(text)[0] ?? "";
}

/** All names in backticks. */
export function namesIn(text: string): readonly string[] {
  const bare = text.replace(/'(?:[^'\\]|''|\\.)*'/g, "''");
  return [...bare.matchAll(/`((?:[^`]|``)*)`/g)].map(([, name = ""]) => name.replaceAll("``", "`"));
}

/** The names in the first parentheses of a key or a constraint. */
export function columnsOf(line: string): readonly string[] {
  return namesIn(/\(((?:`(?:[^`]|``)*`|[^()`]|\(\d+\))*)\)/.exec(line)?.[1] ?? "");
}

/** The table and the columns that a foreign key refers to. */
export function referredIn(line: string): {
  readonly table: string;
  readonly columns: readonly string[];
} {
  const [table = "", ...columns] = namesIn(line.slice(line.indexOf(" REFERENCES ")));
  return { table, columns };
}
