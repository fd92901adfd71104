/**
 * Recognizes, by their words, the statements that a run of ours sends beside those of a migration.
 */

/** Statements with which Slipway reads, sets, and frames a transaction. */
const readsOrSets =
  /^(?:BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SELECT|SHOW|VALUES|TABLE|EXPLAIN|DISCARD|KILL|PREPARE|EXECUTE|DEALLOCATE)\b/i;
const settles =
  /^(?:BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SHOW)\b/i;
const writes = /\b(?:INSERT|UPDATE|DELETE|MERGE)\b/i;
const ofOurs = /\bslipway_\w+/i;

/** Whether a statement without a mark may be Slipway's own: one that only reads or sets, or is about a table of ours. */
export function mayBeOwn(sql: string): boolean {
  const text = beginning(sql);
  if (readsOrSets.test(text) || ofOurs.test(text)) return true;
  return /^WITH\b/i.test(text) && !writes.test(text);
}

/** Whether it only makes a setting, or begins or ends a transaction. */
export function onlySettles(sql: string): boolean {
  return settles.test(beginning(sql));
}

/** Without the comments before it. */
function beginning(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+/, "");
}
