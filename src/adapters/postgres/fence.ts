/** A number that grows with each holder of the lock. Whoever has an older one can no longer commit. */
import { messageOf } from "../../core/model/message-of.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { Fence, FenceRequest, Row } from "../adapter.ts";
import { ReadsElsewhere, readsElsewhere } from "./balanced.ts";
import { type Connections, endEarlier, livingSql, readConnections } from "./earlier-holder.ts";
import { stringLiteral } from "./literal.ts";
import type { LockDoubt } from "./lock-unfit.ts";
import { errorKind } from "./messages.ts";
import { builtin, operator } from "./own-names.ts";
import { createLockTable } from "./own-tables.ts";
import { quoteNamed } from "./sql-text.ts";
import { plain } from "./statement.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/** How long to wait for the transaction of an earlier holder, in milliseconds. Longer waits are for the caller to poll. */
const patienceMs = 500;

export type PostgresFenceRequest = FenceRequest & {
  readonly application: string;
  readonly leaseMs: number;
  /** The server process that the connection heard of at the beginning. Default: not known. */
  readonly processId?: number | undefined;
  /** When the lock does not keep this connection out. Default: that is not asked. */
  readonly doubt?: LockDoubt | undefined;
};

/** `isDirect`: no pooler stands between, as far as the server's process id tells. */
export type PostgresFence = Fence & { readonly isDirect: boolean };

/**
 * Takes the next number. `undefined` while a transaction that proved an older one is still open: its row lock is in the way.
 */
export async function takeFence(
  query: Query,
  request: PostgresFenceRequest,
): Promise<PostgresFence | undefined> {
  const table = quoteNamed({ ...request.history, name: "slipway_lock" });
  try {
    const connections = await readConnections(query, request.processId);
    const taken = await withTable(query, table, () =>
      nextNumber(query, table, { ...request, connections }),
    );
    const { number, earlier } = taken;
    // That the row was written proves that this transaction is not the one that only reads.
    if (connections.own === undefined && request.processId !== undefined)
      if (await readsElsewhere(query)) throw new ReadsElsewhere();
    const leaving = `UPDATE ${table} SET worker = NULL WHERE ${isHolder(request.name, number)}`;
    return {
      number,
      proof: proof(table, request, taken),
      isDirect: connections.own !== undefined,
      leave: async () => void (await query(leaving)),
      ...(earlier === undefined ? {} : { endEarlier: () => endEarlier(query, earlier) }),
    };
  } catch (error) {
    if (isLockTimeout(error)) return undefined;
    throw error;
  }
}

type Taken = {
  readonly number: string;
  /** Connections of earlier holders that are still there. */
  readonly earlier: string | undefined;
  /** Whether the server can notice that its client is gone while a statement runs. */
  readonly watchesClient: boolean;
};

/** A short statement_timeout of the role must not end it: the wait for a lock is all that can take long. */
export const shortWait = `SELECT pg_catalog.set_config('lock_timeout', '${patienceMs}ms', true), pg_catalog.set_config('statement_timeout', '0', true)`;

async function nextNumber(
  query: Query,
  table: string,
  request: PostgresFenceRequest & { readonly connections: Connections },
): Promise<Taken> {
  const { name, application, connections, doubt } = request;
  const worker = connections.own === undefined ? "NULL" : stringLiteral(connections.own);
  const values = `${stringLiteral(name)}, 1, ${stringLiteral(application)}, pg_catalog.clock_timestamp(), ${worker}`;
  const earlier = livingSql("pg_catalog.concat_ws(',', held.earlier, held.worker)", connections);
  const [row] = await query(`${shortWait};
INSERT INTO ${table} AS held (name, fence, application, taken_at, worker) SELECT ${values}${doubt === undefined ? "" : ` WHERE NOT ${doubt.isFree}`}
ON CONFLICT (name) DO UPDATE SET fence = held.fence ${operator("+")} 1, application = excluded.application, taken_at = excluded.taken_at, worker = excluded.worker, earlier = ${earlier}
RETURNING fence::${builtin("text")} AS fence, earlier, ${watchesClient} AS watches`);
  if (row === undefined) throw doubt?.error() ?? new Error("the server wrote no number");
  return {
    number: String(row.fence),
    earlier: typeof row.earlier === "string" ? row.earlier : undefined,
    watchesClient: row.watches === true,
  };
}

/** Makes the table when it is missing, and completes an older one. Two histories may do so at once: whoever is second finds it. */
export async function withTable<Result>(
  query: Query,
  table: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const kind = errorKind(error);
    if (kind !== "table_missing" && kind !== "column_missing") throw error;
    await make(query, kind === "table_missing" ? createLockTable(table) : addColumns(table));
  }
  return work();
}

function addColumns(table: string): string {
  return `ALTER TABLE ${table} ADD COLUMN worker ${builtin("text")}, ADD COLUMN earlier ${builtin("text")}`;
}

async function make(query: Query, sql: string): Promise<void> {
  try {
    await query(`${shortWait};\n${sql}`);
  } catch (error) {
    if (errorKind(error) !== "already_exists") throw error;
  }
}

/** https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL */
const watchesClient = `pg_catalog.current_setting('server_version_num')::int ${operator(">=")} 140000 AND pg_catalog.version() ${operator("~~")} '%linux%'`;
const watchMs = 2_000;

/**
 * The silence that the server bears is set by what proves the lock: a DO is parsed and planned as PL/pgSQL too.
 * The row lock keeps the next number from being taken until this transaction ends. When this process freezes inside it,
 * or dies, the server ends it. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
 */
function proof(
  table: string,
  { name, leaseMs }: { readonly name: string; readonly leaseMs: number },
  { number, watchesClient }: Taken,
): readonly Statement[] {
  const held = `SELECT FROM ${table} WHERE ${isHolder(name, number)} FOR SHARE`;
  const silence = `CASE WHEN EXISTS (${held}) THEN '${leaseMs}' ELSE ${stringLiteral(lockLost)} END`;
  const fence = `SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', ${silence}, true)`;
  return [
    ...(watchesClient ? [plain(`SET LOCAL client_connection_check_interval = ${watchMs}`)] : []),
    { ...plain(fence), prepares: { text: fence, values: [] } },
  ];
}

/** The server refuses this text as a time, and quotes it in its message. */
const lockLost = "the migration lock was lost: another process has taken it";

function isHolder(name: string, number: string): string {
  const is = operator("=");
  return `name ${is} ${stringLiteral(name)} AND fence ${is} ${number}`;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}

/**
 * The message of an error. The proof of the lock fails as the value of a setting, so its words
 * stand inside the server's.
 */
export function wordsOf(cause: unknown): string {
  const message = messageOf(cause);
  if (!message.includes(lockLost)) return message;
  if (cause instanceof Error) cause.message = lockLost;
  return lockLost;
}
