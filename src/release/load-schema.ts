/** A schema that was dumped, made in an empty database. */
import { type Session, StatementFailed } from "../adapters/adapter.ts";
import type { SchemaObject } from "../core/catalog/catalog.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import type { SqlStatement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import type { Repo } from "./config.ts";
import { accessTo } from "./dump-schema.ts";
import { historyNames } from "./elsewhere.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { reading } from "./stoppable.ts";

export type SchemaLoadOptions = {
  /** Do nothing where the history has rows. Default: `false`, and a database that is not empty is refused. */
  readonly skipIfLoaded?: boolean | undefined;
  /** How the file is called, for messages. Default: `the schema`. */
  readonly path?: string | undefined;
};

/** What became of it. */
export type SchemaLoaded = { readonly repo: string; readonly loaded: boolean };

/** @throws {ReleaseError} `load_not_empty`, `load_failed`, `dump_unsupported`; `connection_failed`, `interrupted` */
export async function loadRepo(
  { repo, sql }: { readonly repo: Repo; readonly sql: string },
  { skipIfLoaded = false, path = "the schema" }: SchemaLoadOptions,
  world: RunWorld,
): Promise<SchemaLoaded> {
  const session = await openSession(repo, { role: "work", ...world });
  try {
    return await reading(session, world, async () => {
      const access = await accessTo(session, repo);
      const { objects } = await access.read((query) => session.query(query));
      const there = objects.filter((object) => !comesAlong(object));
      if (there.length > 0) {
        if (skipIfLoaded && (await hasHistory(session, repo)))
          return { repo: repo.name, loaded: false };
        const tables = there.filter(({ id }) => id.startsWith("table "));
        const found = [...tables, ...there.filter((object) => !tables.includes(object))].map(
          ({ id }) => id,
        );
        throw new ReleaseError("load_not_empty", { repo: repo.name, found });
      }
      await load(session, { repo, sql, path });
      return { repo: repo.name, loaded: true };
    });
  } finally {
    await session.close();
  }
}

/** What a new database may have. */
function comesAlong({ kind, id }: SchemaObject): boolean {
  return kind === "extension" || id === "schema public";
}

async function hasHistory(session: Session, repo: Repo): Promise<boolean> {
  const found = await historiesIn(session, repo);
  for (const { table } of found) {
    const rows = await session.query(`SELECT 1 AS one FROM ${table} LIMIT 1`);
    if (rows.length > 0) return true;
  }
  return false;
}

/** The quoted names of the histories that are there. */
async function historiesIn(session: Session, repo: Repo): Promise<readonly { table: string }[]> {
  const { dialect } = session;
  const names = [...historyNames(repo), repo.dataHistoryTable];
  const rows = await session.query(dialect.tableColumnsSql(names));
  return rows
    .filter(({ column_name: column }) => column === "inserted_at")
    .map(({ table_schema: prefix, table_name: name }) => ({
      table: dialect.quoteNamed({
        name: String(name),
        prefix:
          typeof prefix === "string" && dialect.defaultSchema !== undefined ? prefix : undefined,
      }),
    }));
}

async function load(
  session: Session,
  { repo, sql, path }: { readonly repo: Repo; readonly sql: string; readonly path: string },
): Promise<void> {
  const { dialect } = session;
  const statements = cut(session, { repo, sql, path });
  const begin = plain(dialect.begin);
  try {
    await session.execute([begin, ...statements.map(asOfTransaction)]);
    for (const { table } of await historiesIn(session, repo)) {
      const at = dialect.quote("inserted_at");
      await session.change(`UPDATE ${table} SET ${at} = ${dialect.utcNow} WHERE ${at} IS NULL`);
    }
    await session.execute([plain(dialect.commit)]);
  } catch (error) {
    await session.execute([plain(dialect.rollback)]).catch(() => undefined);
    if (!(error instanceof StatementFailed)) throw error;
    const failed = statements[error.index - 1];
    const details = {
      repo: repo.name,
      place: failed === undefined ? path : `${path}:${failed.line}`,
      statement: shortened(failed?.sql ?? ""),
      reason: error.message,
      ...(dialect.transactionalDdl ? {} : { stays: true }),
    };
    throw new ReleaseError("load_failed", details, { cause: error });
  }
}

/** @throws {ReleaseError} `load_failed` */
function cut(
  { dialect }: Session,
  { repo, sql, path }: { readonly repo: Repo; readonly sql: string; readonly path: string },
): readonly SqlStatement[] {
  const [, kind] = /^-- The schema of repo .* on (\w+), written by slipway dump/.exec(sql) ?? [];
  if (kind !== undefined && kind !== dialect.label) {
    const reason = `it is a schema of ${kind}, and the database is ${dialect.label}`;
    throw new ReleaseError("load_failed", { repo: repo.name, place: path, statement: "", reason });
  }
  try {
    return dialect.splitStatements(sql);
  } catch (error) {
    const details = { repo: repo.name, place: path, statement: "", reason: messageOf(error) };
    throw new ReleaseError("load_failed", details, { cause: error });
  }
}

/** What is set ends with the transaction: behind a pooler the connection is somebody else's afterwards. */
function asOfTransaction({ sql, stdin }: SqlStatement) {
  const local = sql.replace(/^SET (?!LOCAL |SESSION |TRANSACTION )/i, "SET LOCAL ");
  return { ...plain(local), ...(stdin === undefined ? {} : { stdin }) };
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
