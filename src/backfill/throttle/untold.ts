/** Why a signal cannot be read. */
import type { Dialect } from "../../core/language/dialect.ts";

/** Another kind of database would tell. */
export function untold({ label }: Dialect): Error {
  return new Error(`${label} does not tell this`);
}

/** Throws on anything but PostgreSQL. */
export function only(dialect: Dialect): void {
  if (dialect.name !== "postgres") throw untold(dialect);
}

/** https://www.postgresql.org/docs/current/predefined-roles.html */
export function noMonitor(): Error {
  return new Error("this user may not see all of it (grant pg_monitor)");
}
