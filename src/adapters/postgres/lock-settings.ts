/** How long statements wait for a lock and run: settings of one transaction, or of the connection where there is none. */

import type { LockPolicy } from "../../core/model/lock-policy.ts";
import type { Statement, StatementPolicy } from "../../core/model/statement.ts";
import type { Pooler, Row, SettingsAround } from "../adapter.ts";
import { catalogOnly } from "./own-names.ts";
import { plain } from "./statement.ts";

/** Without `lock` the role's setting for locks stays. */
type Timeouts = { readonly lock?: number; readonly statement: number };

/**
 * `SET LOCAL` ends with the transaction, so it is right behind a pooler too. A wait for a weak lock is in nobody's
 * way, so work that runs beside readers and writers has no lock timeout. The maximum time of a statement is never left
 * to the role: its `statement_timeout` was chosen for requests of an app.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
 */
export function transactionSettings(
  kind: StatementPolicy["kind"],
  policy: LockPolicy,
): readonly Statement[] {
  if (kind === "plain")
    return [plain(`SET LOCAL statement_timeout = ${policy.statementTimeoutMs}`)];
  const { lock, statement } =
    kind === "online" ? { lock: 0, statement: policy.onlineTimeoutMs } : timeouts(kind, policy);
  return [
    plain(`SET LOCAL lock_timeout = ${lock}`),
    plain(`SET LOCAL statement_timeout = ${statement}`),
  ];
}

/**
 * For a statement that refuses a transaction. The connection is ours, so it may be set; behind a pooler in transaction
 * mode it is not ours, and then the role's settings must do.
 */
export async function connectionSettings(
  kind: StatementPolicy["kind"],
  policy: LockPolicy,
  session: { query(sql: string): Promise<readonly Row[]>; pooler(): Promise<Pooler | undefined> },
): Promise<SettingsAround> {
  const { lock, statement } = timeouts(kind, policy);
  if ((await session.pooler()) === "transaction") {
    if (lock === undefined) return { before: [], after: [] };
    const [is] = await session.query(readTimeouts);
    if (Number(is?.lock) === lock && Number(is?.statement) === statement)
      return { before: [], after: [] };
    return { refused: refusal({ lock, statement }, is) };
  }
  const names = lock === undefined ? [] : [`lock_timeout = ${lock}`];
  const set = [...names, `statement_timeout = ${statement}`];
  return {
    before: [plain(set.map((setting) => `SET ${setting}`).join("; "))],
    after: [plain(set.map((setting) => `RESET ${setting.split(" ")[0]}`).join("; "))],
  };
}

/** A lock timeout in the middle of a concurrent build leaves an INVALID index, and so does a statement timeout. */
function timeouts(kind: StatementPolicy["kind"], policy: LockPolicy): Timeouts {
  if (kind === "online") return { lock: 0, statement: 0 };
  const statement = policy.statementTimeoutMs;
  return kind === "plain" ? { statement } : { lock: policy.lockTimeoutMs, statement };
}

/** In milliseconds. https://www.postgresql.org/docs/current/view-pg-settings.html */
const readTimeouts = `${catalogOnly}SELECT (SELECT setting FROM pg_settings WHERE name = 'lock_timeout') AS lock, (SELECT setting FROM pg_settings WHERE name = 'statement_timeout') AS statement`;

function refusal(wanted: Timeouts, is: Row | undefined): string {
  return `a statement that refuses a transaction needs lock_timeout = ${wanted.lock} and statement_timeout = ${wanted.statement}, and this role has ${is?.lock} and ${is?.statement}, which cannot be set for it alone behind a connection pooler in transaction mode`;
}
