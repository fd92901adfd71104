/** A new type writes the table anew, rebuilds indexes or checks every row again, while nobody can read or write, unless the server knows that the stored value stays the same. */
import { shown } from "../effects/catalog.ts";
import { typeWords } from "../effects/types.ts";
import { inDsl } from "../forms/in-dsl.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "change-column-type": true;
  }
}

export const changeColumnType = defineRule({
  name: "change-column-type",
  tier: "core",
  dialects: ["postgres"],
  why: "For most new types, PostgreSQL rewrites the table, rebuilds indexes or checks every row while nobody can read or write. It skips that only if it knows that the stored value stays the same.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ALTER COLUMN email TYPE varchar;\nANALYZE orders;",
  },
  on: "column type changed",
  judge: (effect) => {
    const { table, column, to, cost } = effect;
    if (cost.kind === "nothing" || !inUse(table)) return undefined;
    const name = shown(table);
    const harm = {
      rewrite: `writes all of ${name} anew${cost.kind === "rewrite" ? `: ${cost.why}` : ""}`,
      index: `rebuilds the index ${cost.kind === "index" ? cost.index.name : ""} of ${name}`,
      check: `checks every row of ${name} against ${cost.kind === "check" ? cost.constraint : ""} again`,
    }[cost.kind];
    return {
      message: `changing ${column} to ${typeWords(to)} ${harm}`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is done" },
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD COLUMN ${column}_new ${typeWords(to)};`,
          `-- write both from now on (a trigger), copy the old rows in batches, read the new one, then drop ${column}`,
        ],
        dsl: [
          inDsl("changeTypeSafely", table, {
            args: [column, typeWords(to)],
            options: { was: "…" },
          }),
        ],
      },
      tables: [name],
    };
  },
});
