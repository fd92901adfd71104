/** Why a signal cannot be read. */
import type { SignalSql } from "../../core/language/backfill-sql.ts";
import type { Dialect } from "../../core/language/dialect.ts";

/** Another kind of database would tell. */
export function untold({ label }: Dialect): Error {
  return new Error(`${label} does not tell this`);
}

/** The queries of the signals. Throws where the database has none. */
export function signalsOf(dialect: Dialect): SignalSql {
  const { signals } = dialect.backfill;
  if (signals === undefined) throw untold(dialect);
  return signals;
}

/** https://www.postgresql.org/docs/current/predefined-roles.html */
export function noMonitor(): Error {
  return new Error("this user may not see all of it (grant pg_monitor)");
}
