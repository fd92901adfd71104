/** How long statements wait for the lock of a table: a setting of the connection, because every DDL commits. */

import type { LockPolicy } from "../../core/model/lock-policy.ts";
import type { StatementPolicy } from "../../core/model/statement.ts";
import { plain } from "../../core/model/statement.ts";
import type { SettingsAround } from "../adapter.ts";

/**
 * In whole seconds, at least one. It counts for online work too: at its end that needs the table for itself for a
 * moment, and everybody who comes later waits behind it.
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_lock_wait_timeout
 */
export function lockSettings(kind: StatementPolicy["kind"], policy: LockPolicy): SettingsAround {
  if (kind === "plain") return { before: [], after: [] };
  const seconds = Math.ceil(policy.lockTimeoutMs / 1000);
  const names = ["lock_wait_timeout", ...(policy.rowsToo ? ["innodb_lock_wait_timeout"] : [])];
  const set = (value: string) =>
    plain(`SET SESSION ${names.map((name) => `${name} = ${value}`).join(", ")}`);
  return { before: [set(`${seconds}`)], after: [set("DEFAULT")] };
}
