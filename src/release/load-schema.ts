/** A schema that was dumped, made in an empty database. */
import { type Session, StatementFailed } from "../adapters/adapter.ts";
import type { SchemaObject } from "../core/catalog/catalog.ts";
import { tableOf } from "../core/catalog/table-of.ts";
import { messageOf } from "../core/model/message-of.ts";
import { SchemaError } from "../core/model/schema-error.ts";
import type { SqlStatement, Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { accessTo } from "./dump-schema.ts";
import { historyNames } from "./elsewhere.ts";
import { type Lane, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";
import { underLock } from "./under-lock.ts";

export type SchemaLoadOptions = {
  /** Do nothing where the history has rows. Default: `false`, and a database that is not empty is refused. */
  readonly skipIfLoaded?: boolean | undefined;
  /** The name of the file, for messages. Default: `the schema`. */
  readonly path?: string | undefined;
};

/** Whether a repo's schema was loaded. */
export type SchemaLoaded = { readonly repo: string; readonly loaded: boolean };

/**
 * Holds the lock of the migrations meanwhile.
 *
 * @throws {ReleaseError} `load_not_empty`, `load_failed`, `dump_unsupported`; `connection_failed`, `lock_held`, `interrupted`
 */
export async function loadRepo(
  { repo, sql }: { readonly repo: Repo; readonly sql: string },
  { skipIfLoaded = false, path = "the schema" }: SchemaLoadOptions,
  world: RunWorld,
): Promise<SchemaLoaded> {
  const lane = laneOf(repo, "schema", {});
  // Another program's dump may make the table of the lock itself.
  const options = /\bslipway_lock\b/.test(sql) ? { lock: false } : {};
  const session = await openSession(repo, { role: "work", ...world });
  try {
    const first = await reading(session, world, () => look(session, repo));
    if (skipIfLoaded && first.isLoaded) return { repo: repo.name, loaded: false };
    // With `skipIfLoaded`, wait for another process that loads it too: its result is as good.
    if (!skipIfLoaded) refuseFull(repo, first.there);
    return await underLock({ repo, lane, session }, { options, world }, ({ held, world }) =>
      reading(session, world, async () => {
        const { there, isLoaded } = await look(session, repo);
        if (skipIfLoaded && isLoaded) return { repo: repo.name, loaded: false };
        refuseFull(repo, there);
        const proof = held?.fence.proof ?? [];
        await load(session, { repo, sql, path, proof });
        await keep({ repo, lane, session }, { proof, root: world.root });
        return { repo: repo.name, loaded: true };
      }),
    );
  } finally {
    await session.close();
  }
}

/** The loaded schema is the meant one, until a hand changes it. */
async function keep(
  { repo, lane, session }: { readonly repo: Repo; readonly lane: Lane; readonly session: Session },
  { proof, root }: { readonly proof: readonly Statement[]; readonly root: string },
): Promise<void> {
  if (!repo.fingerprint || !repo.inUse) return;
  const { keepLoaded } = await import("./keep-schema.ts");
  await keepLoaded({ repo, session, history: lane.historyTable }, async () => {
    const { mayBeMissing } = lane;
    const { files } = await sourceOf(lane.migrations, {
      repo: repo.name,
      root,
      mayBeMissing,
    }).list();
    const history = { table: lane.historyTable, repo: repo.name };
    const applied = await readHistory(session, history, files);
    return { has: applied.map(({ version }) => version), proof };
  });
}

type Found = { readonly there: readonly SchemaObject[]; readonly isLoaded: boolean };

async function look(session: Session, repo: Repo): Promise<Found> {
  const access = await accessTo(session, repo);
  const { objects } = await access.read((query) => session.query(query));
  const there = objects.filter((object) => !comesAlong(object));
  return { there, isLoaded: there.length > 0 && (await hasHistory(session, repo)) };
}

/** @throws {ReleaseError} `load_not_empty` */
function refuseFull(repo: Repo, there: readonly SchemaObject[]): void {
  if (there.length === 0) return;
  const tables = there.filter(({ id }) => id.startsWith("table "));
  const found = [...tables, ...there.filter((object) => !tables.includes(object))];
  throw new SchemaError("load_not_empty", {
    repo: repo.name,
    found: found.map(({ id }) => id),
  });
}

/** A new database may have these; Slipway itself made the lock. */
function comesAlong(object: SchemaObject): boolean {
  const { kind, id } = object;
  return kind === "extension" || id === "schema public" || tableOf(object) === "slipway_lock";
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
  {
    repo,
    sql,
    path,
    proof,
  }: {
    readonly repo: Repo;
    readonly sql: string;
    readonly path: string;
    /** Statements that prove that the run still holds the lock. */
    readonly proof: readonly Statement[];
  },
): Promise<void> {
  const { dialect } = session;
  const statements = cut(session, { repo, sql, path });
  const before = [plain(dialect.begin), ...proof];
  try {
    await session.execute([...before, ...statements.map(asOfTransaction)]);
    for (const { table } of await historiesIn(session, repo)) {
      const at = dialect.quote("inserted_at");
      await session.change(`UPDATE ${table} SET ${at} = ${dialect.utcNow} WHERE ${at} IS NULL`);
    }
    await session.execute([plain(dialect.commit)]);
  } catch (error) {
    await session.execute([plain(dialect.rollback)]).catch(() => undefined);
    if (!(error instanceof StatementFailed)) throw error;
    const failed = statements[error.index - before.length];
    const details = {
      repo: repo.name,
      place: failed === undefined ? path : `${path}:${failed.line}`,
      statement: shortened(failed?.sql ?? ""),
      reason: error.message,
      ...(dialect.transactionalDdl ? {} : { stays: true }),
    };
    throw new SchemaError("load_failed", details, { cause: error });
  }
}

/** @throws {ReleaseError} `load_failed` */
function cut(
  { dialect }: Session,
  { repo, sql, path }: { readonly repo: Repo; readonly sql: string; readonly path: string },
): readonly SqlStatement[] {
  if (sql.trim() === "") {
    const details = { repo: repo.name, place: path, statement: "", reason: "it is empty" };
    throw new SchemaError("load_failed", details);
  }
  const [, kind] = /^-- The schema of repo .* on (\w+), written by slipway dump/.exec(sql) ?? [];
  if (kind !== undefined && kind !== dialect.label) {
    const reason = `it is a schema of ${kind}, and the database is ${dialect.label}`;
    throw new SchemaError("load_failed", {
      repo: repo.name,
      place: path,
      statement: "",
      reason,
    });
  }
  try {
    return dialect.splitStatements(sql);
  } catch (error) {
    const details = { repo: repo.name, place: path, statement: "", reason: messageOf(error) };
    throw new SchemaError("load_failed", details, { cause: error });
  }
}

/**
 * Settings end with the transaction: behind a pooler, somebody else gets the connection afterwards.
 */
function asOfTransaction({ sql, stdin }: SqlStatement) {
  const local = sql.replace(/^SET (?!LOCAL |SESSION |TRANSACTION )/i, "SET LOCAL ");
  return { ...plain(local), ...(stdin === undefined ? {} : { stdin }) };
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
