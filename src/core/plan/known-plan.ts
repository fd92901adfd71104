/** Reads a plan that the history has kept. */
import type { EarlierRow, StoredPlan } from "./stored-plan-data.ts";
import { knownDirection } from "./stored-shape.ts";

/** The stored plan in a row of the history; `undefined` when it is of a shape that this Slipway does not know. */
export function parseStoredPlan(json: string): StoredPlan | undefined {
  return knownPlan(parsed(json));
}

function knownPlan(plan: unknown): StoredPlan | undefined {
  if (!isFields(plan) || plan.format !== 1) return undefined;
  const up = knownDirection(plan.up);
  const refused = (plan.down as { readonly refused?: unknown } | undefined)?.refused;
  const down = typeof refused === "string" ? { refused } : knownDirection(plan.down);
  if (up === undefined || down === undefined) return undefined;
  const earlier = knownEarlier(plan.earlier);
  return { format: 1, up, down, ...(earlier === undefined ? {} : { earlier }) };
}

function knownEarlier(value: unknown): EarlierRow | undefined {
  const plan = isFields(value) ? knownPlan(value.plan) : undefined;
  if (!isFields(value) || plan === undefined) return undefined;
  const text = (name: string) => (typeof value[name] === "string" ? value[name] : undefined);
  const { at, phase } = value;
  const isTime = typeof at === "string" && !Number.isNaN(Date.parse(at));
  return {
    name: text("name"),
    checksum: text("checksum"),
    meaning: text("meaning"),
    at: isTime ? at : undefined,
    phase: phase === "before" || phase === "after" ? phase : undefined,
    compatibleFrom: text("compatibleFrom"),
    plan,
  };
}

type Fields = { readonly [key: string]: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) ?? undefined;
  } catch {
    // A text that is not JSON has no known shape either.
    return undefined;
  }
}
