/** How long statements wait for a lock and run: settings of one transaction, or of the connection where there is none. */
import type { Statement, StatementPolicy } from "../../core/dialect.ts";
import type { LockPolicy } from "../../core/lock-policy.ts";
import type { Pooler, Row, SettingsAround } from "../adapter.ts";
import { plain } from "./statement.ts";

type Timeouts = { readonly lock: number; readonly statement: number };

/**
 * `SET LOCAL` ends with the transaction, so it is right behind a pooler too. A wait for a weak lock is in nobody's way,
 * so what runs beside readers and writers has no lock timeout.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
 */
export function transactionSettings(
  kind: StatementPolicy["kind"],
  policy: LockPolicy,
): readonly Statement[] {
  if (kind === "plain") return [];
  const { lock, statement } =
    kind === "online" ? { lock: 0, statement: policy.onlineTimeoutMs } : timeouts(kind, policy);
  return [
    plain(`SET LOCAL lock_timeout = ${lock}`),
    plain(`SET LOCAL statement_timeout = ${statement}`),
  ];
}

/**
 * For a statement that refuses a transaction. The connection is ours, so it may be set; behind a pooler in transaction
 * mode it is not, and then what the role has must do.
 */
export async function connectionSettings(
  kind: StatementPolicy["kind"],
  policy: LockPolicy,
  session: { query(sql: string): Promise<readonly Row[]>; pooler(): Promise<Pooler | undefined> },
): Promise<SettingsAround> {
  if (kind === "plain") return { before: [], after: [] };
  const wanted = timeouts(kind, policy);
  if ((await session.pooler()) === "transaction") {
    const [is] = await session.query(readTimeouts);
    if (Number(is?.lock) === wanted.lock && Number(is?.statement) === wanted.statement)
      return { before: [], after: [] };
    return { refused: refusal(wanted, is) };
  }
  return {
    before: [
      plain(`SET lock_timeout = ${wanted.lock}; SET statement_timeout = ${wanted.statement}`),
    ],
    after: [plain("RESET lock_timeout; RESET statement_timeout")],
  };
}

/** A lock timeout in the middle of a concurrent build leaves an INVALID index, and so does a statement timeout. */
function timeouts(kind: "online" | "locking", policy: LockPolicy): Timeouts {
  if (kind === "online") return { lock: 0, statement: 0 };
  return { lock: policy.lockTimeoutMs, statement: policy.statementTimeoutMs };
}

/** In milliseconds. https://www.postgresql.org/docs/current/view-pg-settings.html */
const readTimeouts =
  "SELECT (SELECT setting FROM pg_settings WHERE name = 'lock_timeout') AS lock, (SELECT setting FROM pg_settings WHERE name = 'statement_timeout') AS statement";

function refusal(wanted: Timeouts, is: Row | undefined): string {
  return `a statement that refuses a transaction needs lock_timeout = ${wanted.lock} and statement_timeout = ${wanted.statement}, and this role has ${is?.lock} and ${is?.statement}, which cannot be set for it alone behind a connection pooler in transaction mode`;
}
