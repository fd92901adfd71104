/** VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET ACCESS METHOD, SET TABLESPACE and SET EXPRESSION write the whole table anew while nobody can read or write it. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "table-rewrite-command": true;
  }
}

export const tableRewriteCommand = defineRule({
  name: "table-rewrite-command",
  tier: "core",
  dialects: ["postgres"],
  why: "VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET ACCESS METHOD, SET TABLESPACE and SET EXPRESSION rewrite the whole table while nobody can read or write it.",
  source: "https://www.postgresql.org/docs/current/sql-vacuum.html",
  bad: {
    schema: orders,
    sql: "VACUUM FULL orders;",
  },
  good: {
    schema: orders,
    sql: "VACUUM orders;",
  },
  on: "table rewritten",
  judge: (effect) => {
    const { table, command } = effect;
    if (table !== undefined && !inUse(table)) return undefined;
    const name = table === undefined ? "every table" : shown(table);
    return {
      message: `${command} writes ${name} anew while nobody can use it`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the table and its indexes are written" },
      safe: { sql: ["-- a tool that copies beside the users, such as pg_repack or pg_squeeze"] },
      tables: table === undefined ? [] : [name],
    };
  },
});
