/** Makes Slipway's own tables, and adds to older ones the columns of today. */
import type { Session } from "../adapters/adapter.ts";
import type { Dialect, OwnTableChange } from "../core/language/dialect.ts";
import type { Column } from "../core/language/table-parts.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";

/** A table of Slipway's. A column that was added later must be nullable, so that an older table can be completed. */
export type OwnTable = { readonly table: Named; readonly columns: readonly Column[] };

/**
 * Makes the table, or adds the columns that an older one lacks. Only under the lock: `CREATE TABLE IF NOT EXISTS`
 * races. Even there it races with another history of the same schema, or with a statement that the server still runs
 * for a killed process. Then the table turns out to be made.
 *
 * @returns the statements that it ran, for the log
 */
export async function ensureOwnTable(
  session: Session,
  own: OwnTable,
): Promise<readonly Statement[]> {
  const missing = missingFrom(own, await presentColumns(session, own));
  const { dialect } = session;
  const compiled = missing === undefined ? [] : ownTableStatements(dialect, missing);
  const statements = compiled.map((one) => ({
    ...one,
    sql: dialect.ownTypes?.(one.sql) ?? one.sql,
  }));
  try {
    await session.execute(statements);
  } catch (error) {
    if (session.errorKind(error) !== "already_exists") throw error;
    return [];
  }
  return statements;
}

/**
 * Whether these tables are there with all of their columns: one question, because most runs find
 * them so. If it fails, they count as missing, and whoever makes them gets the reason.
 */
export async function areWhole(session: Session, tables: readonly OwnTable[]): Promise<boolean> {
  const { quote, quoteNamed } = session.dialect;
  const names = tables.flatMap(({ columns }, i) =>
    columns.map(({ name }) => `t${i}.${quote(name)}`),
  );
  const from = tables.map(({ table }, i) => `${quoteNamed(table)} t${i}`);
  try {
    await session.query(`SELECT ${names.join(", ")} FROM ${from.join(" CROSS JOIN ")} LIMIT 0`);
    return true;
  } catch {
    return false;
  }
}

/** The statements that make a table of ours, or add columns to it. */
export function ownTableStatements(dialect: Dialect, own: OwnTableChange): readonly Statement[] {
  const { change, table, columns } = own;
  if (dialect.compileOwn !== undefined) return dialect.compileOwn(own);
  if (change === "create") {
    const definition = { columns, constraints: [] };
    return dialect.compile({ kind: "create_table", table, definition, ifNotExists: true });
  }
  const changes = columns.map((column) => ({ kind: "add_column", column }) as const);
  return dialect.compile({ kind: "alter_table", table, changes });
}

function missingFrom(
  { table, columns }: OwnTable,
  present: readonly string[] | undefined,
): OwnTableChange | undefined {
  if (present === undefined) return { change: "create", table, columns };
  const missing = columns.filter((column) => !present.includes(column.name));
  return missing.length === 0 ? undefined : { change: "add", table, columns: missing };
}

/** The columns of ours that the table has; `undefined` when there is no table. */
async function presentColumns(
  session: Session,
  own: OwnTable,
): Promise<readonly string[] | undefined> {
  const names = own.columns.map((column) => column.name);
  const whole = await select(session, own.table, names);
  if (whole === "found") return names;
  if (whole === "table_missing") return undefined;
  const present: string[] = [];
  for (const name of names)
    if ((await select(session, own.table, [name])) === "found") present.push(name);
  return present;
}

async function select(
  session: Session,
  table: Named,
  names: readonly string[],
): Promise<"found" | "table_missing" | "column_missing"> {
  const { dialect } = session;
  const list = names.map((name) => dialect.quote(name)).join(", ");
  try {
    await session.query(`SELECT ${list} FROM ${dialect.quoteNamed(table)} LIMIT 0`);
    return "found";
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing" || kind === "column_missing") return kind;
    throw error;
  }
}
