/**
 * What a stored plan may hold. Whoever may write the history could write anything, and a rollback runs it with the
 * rights of the migrator: so nothing but what Slipway itself writes is taken out of it.
 */

import { lockPolicyKinds } from "../model/lock-policy.ts";
import type { SqlStatement, Statement } from "../model/statement.ts";
import { controlsTransaction } from "../sql/own-transaction.ts";
import type { StoredAction, StoredDirection } from "./stored-plan-data.ts";

type Fields = { readonly [key: string]: unknown };

/** The direction with what is known of it and nothing else; `undefined` when it is of another shape. */
export function knownDirection(value: unknown): StoredDirection | undefined {
  if (!isObject(value) || typeof value.transactional !== "boolean") return undefined;
  if (!isPolicy(value.policy)) return undefined;
  const actions = everyOf(value.actions, knownAction);
  if (actions === undefined) return undefined;
  return { ...only(value, ["transactional", "policy"]), actions } as StoredDirection;
}

function knownAction(value: unknown): StoredAction | undefined {
  const known = knownBody(value);
  const of = isObject(value) ? value.of : undefined;
  if (known === undefined || of === undefined) return known;
  return of === "hook" || Number.isInteger(of)
    ? { ...known, of: of as number | "hook" }
    : undefined;
}

function knownBody(value: unknown): StoredAction | undefined {
  if (!isObject(value) || typeof value.words !== "string") return undefined;
  const { words, together, code, backfill } = value;
  if (code === true) return { words, code };
  if (isObject(backfill)) {
    const { table, key, set, where } = backfill;
    const isFilled = isNamed(table) && typeof set === "string" && typeof where === "string";
    const hasKey = key === undefined || everyOf(key, textOrNothing) !== undefined;
    if (!isFilled || !hasKey) return undefined;
    return { words, ...only({ backfill }, ["backfill"]) } as StoredAction;
  }
  const statements = everyOf(value.statements, knownStatement);
  if (statements === undefined) return undefined;
  // Plans of 0.1.0 say it in words only.
  const forgets = value.forgets === "backfill" || words.startsWith("forget the backfill ");
  return {
    ...{ words, statements },
    ...(together === true ? { together } : {}),
    ...(forgets ? { forgets: "backfill" } : {}),
  };
}

function knownStatement(value: unknown): Statement | undefined {
  if (!isObject(value) || typeof value.sql !== "string" || !isObject(value.policy))
    return undefined;
  const { policy, parameters, boundary, probe, procedure } = value;
  const isKnown =
    ["plain", "locking", "online"].includes(String(policy.kind)) &&
    (parameters === undefined || Array.isArray(parameters)) &&
    (boundary === undefined || boundary === "begin" || boundary === "end") &&
    (probe === undefined || isObject(probe)) &&
    (procedure === undefined ||
      (isObject(procedure) && /^[a-z]+(_[a-z]+)*$/.test(String(procedure.name))));
  if (!isKnown) return undefined;
  const fields = ["sql", "parameters", "policy", "alone", "boundary", "probe", "procedure"];
  return only(value, fields) as Statement;
}

/** The first statement that would begin or end a transaction: the step's own ends with its history row, and not before. */
export function transactionControl(
  { actions }: StoredDirection,
  split: (sql: string) => readonly SqlStatement[],
): string | undefined {
  const statements = actions.flatMap((action) => ("statements" in action ? action.statements : []));
  return statements.find(({ sql, boundary }) => {
    const parts = split(sql);
    // A file's own BEGIN or COMMIT, in a migration without a transaction of ours, stands alone.
    if (boundary !== undefined && parts.length === 1) return false;
    return parts.some(controlsTransaction);
  })?.sql;
}

function isPolicy(value: unknown): boolean {
  if (value === undefined) return true;
  const kinds: { readonly [setting: string]: { holds(value: unknown): boolean } } = lockPolicyKinds;
  return isObject(value) && Object.entries(value).every(([key, one]) => kinds[key]?.holds(one));
}

function isNamed(value: unknown): boolean {
  if (!isObject(value) || typeof value.name !== "string") return false;
  return value.prefix === undefined || typeof value.prefix === "string";
}

function everyOf<One>(
  value: unknown,
  known: (one: unknown) => One | undefined,
): readonly One[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all = value.map(known);
  return all.includes(undefined) ? undefined : (all as One[]);
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function only(value: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(
    keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])),
  );
}
