import { shown } from "../effects/catalog.ts";
import type { EffectOf } from "../effects/effect.ts";
import { inUse, type Judgement } from "./rule.ts";

/**
 * Judges a constraint that builds its index while nobody can use the table: you can build the index
 * first.
 */
export function indexBuiltUnderLock({
  table,
  constraint,
  builds,
  written,
  proofs = [],
}: EffectOf<"constraint added">): Judgement | undefined {
  if (!builds || !inUse(table)) return undefined;
  const name = shown(table);
  return {
    message: `nobody can use ${name} until the index of ${constraint.name} is built`,
    lock: { mode: "ACCESS EXCLUSIVE", until: "until every row is in the index" },
    safe:
      table.partitionBy === undefined
        ? { form: "index first", part: written, constraint: constraint.name, notNull: proofs }
        : undefined,
    tables: [name],
  };
}
