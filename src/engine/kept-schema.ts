/** The schema as the last run has left it: what `verify --schema` compares the database with. */
import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import type { Column } from "../core/language/table-parts.ts";
import { type LockPolicy, lockPolicy } from "../core/model/lock-policy.ts";
import type { Named } from "../core/model/named.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import type { OwnTable } from "./own-table.ts";

/** A long text is several rows: no database gets a larger value than it takes everywhere. */
const columns: readonly Column[] = [
  { name: "history", type: "string", null: false, primaryKey: true },
  { name: "part", type: "integer", null: false, primaryKey: true },
  { name: "at", type: "naive_datetime" },
  { name: "kept", type: "text", null: false },
];

const longestPart = 30_000;

/** Beside the history, in its schema. */
export function schemaTable(history: Named): OwnTable {
  return { table: { ...history, name: "slipway_schema" }, columns };
}

/**
 * Slipway does not wait for whoever locks the table: a run neither begins nor ends later for this.
 */
export const keepingPolicy: LockPolicy = { ...lockPolicy({ lockTimeoutMs: 500 }), rowsToo: true };

/**
 * Holds a transaction to it. The first setting of a policy is the lock timeout; each further one
 * would cost a statement.
 */
export function briefly(dialect: Dialect): readonly Statement[] {
  return dialect.lockSettings("locking", keepingPolicy).slice(0, 1);
}

/** By the name of the history; `undefined` where there is no table yet. */
export async function readKept(
  session: Session,
  history: Named,
): Promise<ReadonlyMap<string, { readonly text: string; readonly at: string }> | undefined> {
  const { quote, quoteNamed, timeToText, manyAtOnce } = session.dialect;
  // Statements that are sent at once are a transaction, and their settings end with it.
  const settings = manyAtOnce ? briefly(session.dialect) : [];
  const found = new Map<string, { text: string; at: string }>();
  try {
    const rows = await session.query(
      `${settings.map(({ sql }) => `${sql};\n`).join("")}SELECT ${quote("history")}, ${quote("kept")}, ${timeToText(quote("at"))} AS ${quote("at")} FROM ${quoteNamed(schemaTable(history).table)} ORDER BY ${quote("history")}, ${quote("part")}`,
    );
    for (const row of rows) {
      const name = String(row.history);
      const text = `${found.get(name)?.text ?? ""}${row.kept}`;
      found.set(name, { text, at: String(row.at) });
    }
    return found;
  } catch (error) {
    if (session.errorKind(error) === "table_missing") return undefined;
    throw error;
  }
}

/** Replaces the text that was kept of this history before. */
export function keepStatements(
  dialect: Dialect,
  history: Named,
  text: string,
): readonly Statement[] {
  const { quote, quoteNamed, literal, operator, utcNow } = dialect;
  const table = quoteNamed(schemaTable(history).table);
  const names = columns.map(({ name }) => quote(name)).join(", ");
  const parts = text.match(new RegExp(`.{1,${longestPart}}`, "gs")) ?? [];
  return [
    plain(
      `DELETE FROM ${table} WHERE ${quote("history")} ${operator("=")} ${literal(history.name)}`,
    ),
    ...parts.map((part, i) =>
      plain(
        `INSERT INTO ${table} (${names}) VALUES (${literal(history.name)}, ${i}, ${utcNow}, ${literal(part)})`,
      ),
    ),
  ];
}
