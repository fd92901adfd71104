/** The history table: which migrations have run. Read without a lock; written only in a migration's own transaction. */
import type { Row, Session } from "../adapters/adapter.ts";
import type { Dialect, Statement } from "../core/dialect.ts";
import { ReleaseError } from "../core/errors.ts";
import {
  type AppliedMigration,
  type Direction,
  type MigrationFile,
  versionFromDigits,
} from "../core/migration.ts";
import type { Column, Named, SchemaOperation } from "../core/schema/operation.ts";

/** Facts of one run that every history row of it carries. */
export type RunFacts = { readonly runId: string; readonly release: string; readonly host: string };

/** What the columns of a history row say beside the version. Ecto has the first two and nothing else. */
const columns: readonly Column[] = [
  { name: "version", type: "bigint", primaryKey: true, null: false },
  { name: "inserted_at", type: "naive_datetime" },
  { name: "name", type: "text" },
  { name: "duration_ms", type: "bigint" },
  { name: "run_id", type: "text" },
  { name: "release", type: "text" },
  { name: "host", type: "text" },
];

/**
 * The applied migrations, in no particular order. Writes nothing: no table means that nothing is applied.
 *
 * @throws {ReleaseError} `history_unreadable`
 */
export async function readHistory(
  session: Session,
  table: Named,
  repo: string,
): Promise<readonly AppliedMigration[]> {
  try {
    return (await session.query(selectRows(session.dialect, table, ["name"]))).map(
      appliedMigration,
    );
  } catch (error) {
    switch (session.errorKind(error)) {
      case "table_missing":
        return [];
      case "column_missing":
        return readEctoHistory(session, table, repo);
      default:
        throw unreadable(error, table, repo);
    }
  }
}

/** A table that has no more than Ecto's two columns. */
async function readEctoHistory(
  session: Session,
  table: Named,
  repo: string,
): Promise<readonly AppliedMigration[]> {
  try {
    return (await session.query(selectRows(session.dialect, table, []))).map(appliedMigration);
  } catch (error) {
    throw unreadable(error, table, repo);
  }
}

/**
 * Makes the table, and adds what an older one lacks. Only under the lock: `CREATE TABLE IF NOT EXISTS` races.
 *
 * @returns the statements that it ran, for the log
 * @throws {ReleaseError} `history_unreadable`
 */
export async function ensureHistory(
  session: Session,
  table: Named,
  repo: string,
): Promise<readonly Statement[]> {
  const present = await presentColumns(session, table);
  const missing = columns.filter((column) => !present?.includes(column.name));
  const operation: SchemaOperation | undefined =
    present === undefined
      ? { kind: "create_table", table, definition: { columns, constraints: [] }, ifNotExists: true }
      : missing.length === 0
        ? undefined
        : {
            kind: "alter_table",
            table,
            changes: missing.map((column) => ({ kind: "add_column", column })),
          };
  const statements = operation === undefined ? [] : session.dialect.compile(operation);
  try {
    await session.execute(statements);
  } catch (error) {
    throw unreadable(error, table, repo);
  }
  return statements;
}

/** The statement that records a migration going up, or forgets it going down. */
export function recordStatement(
  dialect: Dialect,
  table: Named,
  done: { readonly file: MigrationFile; readonly direction: Direction; readonly facts: RunFacts },
): Statement {
  const { file, facts } = done;
  const into = dialect.quoteNamed(table);
  if (done.direction === "down") {
    return plain(`DELETE FROM ${into} WHERE ${dialect.quote("version")} = ${file.version}`);
  }
  const values = {
    version: file.version,
    inserted_at: dialect.utcNow,
    name: dialect.literal(file.name),
    duration_ms: dialect.elapsedMs,
    run_id: dialect.literal(facts.runId),
    release: dialect.literal(facts.release),
    host: dialect.literal(facts.host),
  };
  const names = Object.keys(values).map((name) => dialect.quote(name));
  return plain(
    `INSERT INTO ${into} (${names.join(", ")}) VALUES (${Object.values(values).join(", ")})`,
  );
}

/** The columns of ours that the table has; `undefined` when there is no table. */
async function presentColumns(
  session: Session,
  table: Named,
): Promise<readonly string[] | undefined> {
  const names = columns.map((column) => column.name);
  if (await canSelect(session, table, names)) return names;
  if (!(await canSelect(session, table, ["version"]))) return undefined;
  const present: string[] = [];
  for (const name of names) if (await canSelect(session, table, [name])) present.push(name);
  return present;
}

async function canSelect(
  session: Session,
  table: Named,
  names: readonly string[],
): Promise<boolean> {
  const { dialect } = session;
  const list = names.map((name) => dialect.quote(name)).join(", ");
  try {
    await session.query(`SELECT ${list} FROM ${dialect.quoteNamed(table)} WHERE 1 = 0`);
    return true;
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind === "table_missing" || kind === "column_missing") return false;
    throw error;
  }
}

function selectRows(dialect: Dialect, table: Named, more: readonly string[]): string {
  const texts = ["version", "inserted_at"].map(
    (name) => `${dialect.castToText(dialect.quote(name))} AS ${dialect.quote(name)}`,
  );
  const names = more.map((name) => dialect.quote(name));
  return `SELECT ${[...texts, ...names].join(", ")} FROM ${dialect.quoteNamed(table)}`;
}

function appliedMigration(row: Row): AppliedMigration {
  const { version, name, inserted_at: at } = row;
  return {
    version: versionFromDigits(String(version)),
    name: typeof name === "string" ? name : undefined,
    appliedAt: typeof at === "string" ? new Date(`${at.replace(" ", "T")}Z`) : undefined,
  };
}

function unreadable(error: unknown, table: Named, repo: string): ReleaseError {
  const name = table.prefix === undefined ? table.name : `${table.prefix}.${table.name}`;
  const reason = error instanceof Error ? error.message : String(error);
  return new ReleaseError("history_unreadable", { repo, table: name, reason }, { cause: error });
}

function plain(sql: string): Statement {
  return { sql, policy: { kind: "plain" } };
}
