/** SQLite's catalog: its pragmas, and the text of each object without what is only a matter of spelling. */
import type { Row, Session } from "../../../src/adapters/adapter.ts";

type Catalog = { readonly [object: string]: { readonly [fact: string]: unknown } };

/** The pragmas do not tell collations, checks and names of constraints, so the text counts too. */
export async function sqliteCatalog(session: Session): Promise<Catalog> {
  const objects = await session.query(
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
  );
  const columns = await session.query(pragmaOf("table_xinfo", "'table', 'view'"));
  const keys = await session.query(pragmaOf("foreign_key_list", "'table'"));
  const indexes = await session.query(pragmaOf("index_xinfo", "'index'"));
  return Object.fromEntries([
    ...objects.map((row) => [`${row.type} ${row.name}`, factsOf(row)]),
    ...columns.map(({ object, cid, name, type, notnull, dflt_value, pk, hidden }) => {
      const value = dflt_value === "NULL" ? null : dflt_value;
      return [`column ${object}.${name}`, { position: cid, type, notnull, value, pk, hidden }];
    }),
    ...grouped("keys", keys, ({ id: _, ...key }) => key),
    ...grouped("columns of index", indexes, ({ cid: _, ...part }) => part),
  ]);
}

function pragmaOf(pragma: string, types: string): string {
  return `SELECT entry.name AS object, info.* FROM sqlite_master AS entry, pragma_${pragma}(entry.name) AS info
    WHERE entry.type IN (${types}) AND entry.name NOT LIKE 'sqlite_%'`;
}

/** The rows of each object, in an order that does not depend on when they were made. */
function grouped(
  what: string,
  rows: readonly Row[],
  facts: (row: Row) => Row,
): Iterable<[string, { rows: readonly string[] }]> {
  const groups = Map.groupBy(rows, (row) => `${what} ${row.object}`);
  return [...groups].map(([name, members]) => {
    return [name, { rows: members.map((row) => JSON.stringify(facts(row))).sort() }];
  });
}

function factsOf({ type, tbl_name: table, sql }: Row): { readonly [fact: string]: unknown } {
  const tokens = tokensOf(String(sql ?? ""));
  if (type !== "table") return { table, sql: tokens.join(" ") };
  const open = tokens.indexOf("(");
  const close = tokens.lastIndexOf(")");
  const parts = topLevelParts(tokens.slice(open + 1, close)).map(sameMeaning);
  return {
    parts: parts.map((part) => part.sort().join(" ")).sort(),
    options: tokens.slice(close + 1).join(" "),
  };
}

/** Words without white space, comments and quotes around names. */
function tokensOf(sql: string): readonly string[] {
  const tokens =
    sql.match(/--.*|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[\w$]+|[^\s]/g) ?? [];
  return tokens
    .filter((token) => !token.startsWith("--"))
    .map((token) => token.replace(/^["`[](.*)["`\]]$/s, "$1"));
}

function topLevelParts(tokens: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    if (token === "," && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Without what says nothing: `NULL`, `DEFAULT NULL` and `COLLATE BINARY`. */
function sameMeaning(part: readonly string[]): string[] {
  const text = ` ${part.join(" ")} `;
  const bare = text.replace(/ DEFAULT NULL /g, " ").replace(/ COLLATE "?BINARY"? /gi, " ");
  return bare
    .replace(/(?<! NOT| SET| IS) NULL /g, " ")
    .trim()
    .split(" ");
}
