import { shown } from "../effects/catalog.ts";
import type { EffectOf } from "../effects/effect.ts";
import { orders } from "./example-tables.ts";
import type { Judgement } from "./rule.ts";

/** The parts that all rules about timeouts share. */
export const timeoutMissing = {
  tier: "policy",
  dialects: ["postgres"],
  bad: { schema: orders, sql: "ALTER TABLE orders ADD COLUMN note text;" },
  good: {
    schema: orders,
    sql: "SET lock_timeout = '1s';\nSET statement_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;",
  },
  on: "timeout missing",
} as const;

/** A strong lock without the setting, and the value to give it. */
export function withoutTimeout(
  { setting, table }: EffectOf<"timeout missing">,
  wanted: typeof setting,
  value: string,
): Judgement | undefined {
  if (setting !== wanted) return undefined;
  const name = shown(table);
  return {
    message: `it takes a strong lock on ${name} and no ${setting} is set`,
    safe: {
      sql: [`SET ${setting} = '${value}';  -- Slipway sets it by itself for each statement`],
    },
    tables: [name],
  };
}
