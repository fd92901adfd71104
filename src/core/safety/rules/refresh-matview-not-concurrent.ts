/** A plain REFRESH keeps readers of the view out until its query has ended. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "refresh-matview-not-concurrent": true;
  }
}

export const refreshMatviewNotConcurrent = defineRule({
  name: "refresh-matview-not-concurrent",
  tier: "core",
  dialects: ["postgres"],
  why: "During a plain REFRESH, readers of the view wait until its query has ended. CONCURRENTLY compares and changes rows while they read. It needs a unique index.",
  source: "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
  bad: {
    schema: `${orders}\nCREATE MATERIALIZED VIEW totals AS SELECT state, count(*) AS orders FROM orders GROUP BY state;\nCREATE UNIQUE INDEX totals_state ON totals (state);`,
    sql: "REFRESH MATERIALIZED VIEW totals;",
  },
  good: {
    schema: `${orders}\nCREATE MATERIALIZED VIEW totals AS SELECT state, count(*) AS orders FROM orders GROUP BY state;\nCREATE UNIQUE INDEX totals_state ON totals (state);`,
    sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;",
  },
  on: "matview refreshed",
  judge: (effect) => {
    const { view, concurrently, isRefreshable } = effect;
    if (concurrently || !inUse(view)) return undefined;
    const name = shown(view);
    return {
      message: `readers of ${name} wait until its query has ended`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the view is computed" },
      // An empty view has no rows to compare.
      safe:
        view.isEmpty === true
          ? undefined
          : {
              form: "concurrently",
              ...(isRefreshable ? {} : { note: "needs a unique index first" }),
            },
      tables: [name],
    };
  },
});
