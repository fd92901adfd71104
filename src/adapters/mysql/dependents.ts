/**
 * Triggers, views, routines and events that name a column which an ALTER TABLE takes away. The servers change none of
 * them and say nothing: the next write that fires the trigger fails, and so does who reads the view.
 */
import type { Named } from "../../core/model/named.ts";
import { nameOf, specTokens } from "../../core/safety/effects/mysql-specs.ts";
import { changedColumn } from "../../core/safety/effects/mysql-tables.ts";
import { lex } from "../../core/sql/lexer.ts";
import { tableChange } from "../../core/sql/mysql-table-change.ts";
import { isCode, type Token, wordOf } from "../../core/sql/token.ts";
import { literal } from "./literal.ts";
import type { Query } from "./procedures/catalog.ts";

/** Columns that are no longer there under their name, and their table. */
export type LostColumns = { readonly table: Named; readonly columns: readonly string[] };

/** Pure. */
export function lostColumns(sql: string): LostColumns | undefined {
  const change = tableChange(sql);
  if (change?.kind !== "alter_table") return undefined;
  const specs = specTokens(sql.slice(change.nameEnd)).map((spec) => changedColumn(spec, undefined));
  const kept = new Set(specs.flatMap((one) => (one?.to === undefined ? [] : [one.to])));
  const columns = specs.flatMap((one) =>
    one?.from === undefined || kept.has(one.from) ? [] : [one.from],
  );
  const [name = "", prefix] = tokensOf(change.table)
    .filter(({ text }) => text !== ".")
    .map(({ text }) => (text.startsWith("`") ? text.slice(1, -1).replaceAll("``", "`") : text))
    .toReversed();
  return columns.length === 0 ? undefined : { table: { name, prefix }, columns };
}

/** An object whose text may name columns. */
export type Dependent = {
  readonly kind: "trigger" | "view" | "procedure" | "function" | "event";
  readonly name: string;
  /** The table of a trigger. */
  readonly on?: string | undefined;
  readonly text: string;
};

/**
 * Throws before the change is made, with the names of all that needs the columns; `remade` are those that the same file
 * drops or makes anew.
 */
export async function refuseBrokenDependents(
  query: Query,
  sql: string,
  remade: readonly string[] = [],
): Promise<void> {
  const lost = lostColumns(sql);
  if (lost === undefined) return;
  const left = new Set(remade);
  const found = (await readDependents(query, lost.table)).filter(
    ({ name }) => !left.has(name.toLowerCase()),
  );
  if (found.length === 0) return;
  const others = await othersWith(query, lost);
  const broken = lost.columns.flatMap((column) => {
    const elsewhere = others.get(column) ?? [];
    const those = found.filter((one) => needs(one, { table: lost.table.name, column, elsewhere }));
    return those.length === 0 ? [] : [{ column, those }];
  });
  if (broken.length > 0) throw refusal(lost.table, broken);
}

function refusal(
  { name }: Named,
  broken: readonly { readonly column: string; readonly those: readonly Dependent[] }[],
): Error {
  const needed = broken.map(({ column, those }) => {
    const names = those.map((one) => `${one.kind} ${one.name}`).join(", ");
    return `${names} ${those.length === 1 ? "needs" : "need"} column ${column} of ${name}`;
  });
  return new Error(
    `${needed.join("; ")}, and would fail without it; drop them before the column changes, and make them again after it`,
  );
}

type Asked = {
  readonly table: string;
  readonly column: string;
  /** Other tables that have a column of this name. */
  readonly elsewhere: readonly string[];
};

/** Pure: whether its text means the column, and not one of another table that is called the same. */
export function needs(one: Dependent, { table, column, elsewhere }: Asked): boolean {
  const tokens = tokensOf(one.text);
  const isOwn = one.kind === "trigger" && one.on?.toLowerCase() === table.toLowerCase();
  if (isOwn && rowColumns(tokens).has(column)) return true;
  if (one.kind === "view") return viewReads(tokens, { table, column });
  const names = new Set(withoutRow(tokens).map(nameOf));
  if (!names.has(table.toLowerCase()) || !names.has(column)) return false;
  const isDeclared = tokens.some(
    (token, i) => wordOf(token) === "DECLARE" && nameOf(tokens[i + 1]) === column,
  );
  return !isDeclared && !elsewhere.some((other) => names.has(other.toLowerCase()));
}

/** `NEW.c`, `OLD.c` */
function rowColumns(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(tokens.flatMap((_, i) => (isRow(tokens, i) ? [nameOf(tokens[i + 2])] : [])));
}

function withoutRow(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter(
    (_, i) => !(isRow(tokens, i) || isRow(tokens, i - 1) || isRow(tokens, i - 2)),
  );
}

function isRow(tokens: readonly Token[], at: number): boolean {
  return /^(new|old)$/.test(nameOf(tokens[at])) && tokens[at + 1]?.text === ".";
}

/** The servers write out each column of a view with its table, or with the view's alias of the table. */
function viewReads(
  tokens: readonly Token[],
  { table, column }: Pick<Asked, "table" | "column">,
): boolean {
  const called = tokens.flatMap((token, i) => {
    if (nameOf(token) !== table.toLowerCase() || tokens[i - 1]?.text !== ".") return [];
    const next = tokens[i + 1];
    return next?.kind === "name" ? [nameOf(next)] : [table.toLowerCase()];
  });
  return tokens.some(
    (token, i) =>
      called.includes(nameOf(token)) &&
      tokens[i + 1]?.text === "." &&
      nameOf(tokens[i + 2]) === column,
  );
}

function tokensOf(sql: string): readonly Token[] {
  try {
    return [...lex(sql, "mysql")].filter(isCode);
  } catch {
    return [];
  }
}

async function readDependents(
  query: Query,
  { name, prefix }: Named,
): Promise<readonly Dependent[]> {
  const schema = prefix === undefined ? "DATABASE()" : literal(prefix);
  const names = (text: string) => `instr(lower(${text}), ${literal(name.toLowerCase())}) > 0`;
  const rows = await query(
    `SELECT 'trigger' AS kind, trigger_name AS name, event_object_table AS of_table, action_statement AS text FROM information_schema.triggers WHERE trigger_schema = ${schema} AND (event_object_table = ${literal(name)} OR ${names("action_statement")})
    UNION ALL SELECT 'view', table_name, NULL, view_definition FROM information_schema.views WHERE table_schema = ${schema} AND ${names("view_definition")}
    UNION ALL SELECT lower(routine_type), routine_name, NULL, routine_definition FROM information_schema.routines WHERE routine_schema = ${schema} AND ${names("routine_definition")}
    UNION ALL SELECT 'event', event_name, NULL, event_definition FROM information_schema.events WHERE event_schema = ${schema} AND ${names("event_definition")}`,
  );
  return rows.map(({ kind, name, of_table, text }) => ({
    kind: String(kind) as Dependent["kind"],
    name: String(name),
    ...(of_table === null ? {} : { on: String(of_table) }),
    text: String(text),
  }));
}

/** Other tables of the database that have such a column, by its name. */
async function othersWith(
  query: Query,
  { table: { name, prefix }, columns }: LostColumns,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const schema = prefix === undefined ? "DATABASE()" : literal(prefix);
  const rows = await query(
    `SELECT lower(column_name) AS name, table_name AS of_table FROM information_schema.columns WHERE table_schema = ${schema} AND table_name <> ${literal(name)} AND column_name IN (${columns.map((one) => literal(one)).join(", ")})`,
  );
  const others = new Map<string, string[]>();
  for (const { name, of_table } of rows)
    others.set(String(name), [...(others.get(String(name)) ?? []), String(of_table)]);
  return others;
}

/** The names of the objects that SQL of the user's makes or drops, in lower case. */
export function remadeIn(statements: readonly string[]): readonly string[] {
  return statements.flatMap((sql) => {
    const tokens = tokensOf(sql);
    if (!/^(CREATE|DROP|ALTER)$/.test(wordOf(tokens[0]))) return [];
    const at = tokens.findIndex((token) => kinds.test(wordOf(token)));
    if (at === -1) return [];
    const name = tokens
      .slice(at + 1)
      .findIndex((token) => !/^(IF|NOT|EXISTS)$/.test(wordOf(token)));
    const first = at + 1 + name;
    return [nameOf(tokens[first + 1]?.text === "." ? tokens[first + 2] : tokens[first])];
  });
}

const kinds = /^(TRIGGER|VIEW|PROCEDURE|FUNCTION|EVENT)$/;
