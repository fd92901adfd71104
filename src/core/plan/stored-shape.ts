/**
 * Checks the shape of a stored plan. Whoever may write the history could write anything, and a
 * rollback runs it with the rights of the migrator. So Slipway takes nothing out of it but what it
 * writes itself.
 */

import { lockPolicyKinds } from "../model/lock-policy.ts";
import type { Around, Statement } from "../model/statement.ts";
import type { StoredAction, StoredDirection } from "./stored-plan-data.ts";

type Fields = { readonly [key: string]: unknown };

/**
 * The direction with its known fields and nothing else; `undefined` when it is of another shape.
 */
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
  if (code === true) {
    const sent = everyOf(value.sent, textOrNothing);
    return { words, code, ...(sent === undefined ? {} : { sent }) };
  }
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
  const { policy, parameters, boundary, probe, procedure, stdin, around } = value;
  const isKnown =
    // A statement without one of its fields would be a different statement.
    Object.keys(value).every((key) => Object.hasOwn(statementFields, key)) &&
    (stdin === undefined || typeof stdin === "string") &&
    (around === undefined || isAround(around)) &&
    ["plain", "locking", "online"].includes(String(policy.kind)) &&
    (parameters === undefined || Array.isArray(parameters)) &&
    (boundary === undefined || boundary === "begin" || boundary === "end") &&
    (probe === undefined || isObject(probe)) &&
    (procedure === undefined ||
      (isObject(procedure) && /^[a-z]+(_[a-z]+)*$/.test(String(procedure.name))));
  return isKnown ? (value as Statement) : undefined;
}

/** All that a statement of a migration has; one that is forgotten does not compile. */
const statementFields = {
  sql: true,
  parameters: true,
  policy: true,
  alone: true,
  stdin: true,
  boundary: true,
  probe: true,
  around: true,
  procedure: true,
} as const satisfies {
  readonly [Field in keyof Required<Omit<Statement, "prepares" | "joins">>]: true;
};

const places = {
  beforeBegin: true,
  afterBegin: true,
  beforeCommit: true,
  atEnd: true,
} as const satisfies { readonly [Place in keyof Around]: true };

function isAround(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.keys(value).length === Object.keys(places).length &&
    Object.keys(places).every((place) => knownStatement(value[place]) !== undefined)
  );
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
