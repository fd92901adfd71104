import type { PageGroup } from "../operation-page.ts";

export const code: PageGroup = {
  title: "SQL and code",
  pages: [
    {
      file: "execute",
      title: "Run SQL",
      does: "`m.execute` runs SQL, and `m.executeFile` runs the SQL of a file.",
      methods: {
        "m.execute": ["statement", "options"],
        "m.executeFile": ["path", "options"],
      },
      more: "`statement` is text, or a query with `compile()`, such as one of Kysely.",
      cases: [
        "SQL and the SQL that undoes it",
        "SQL with parameters",
        "A function and a trigger",
        "A trigger of SQLite",
        "SQL from files",
      ],
      irreversible: ["SQL", "SQL from a file"],
      back: 'Give `down`, the SQL that undoes it. Write `down: ""` if there is nothing to undo. Without `down`, Slipway refuses to go down.',
      locks:
        "The lock depends on your SQL. `slipway check` reads it with PostgreSQL's own parser and applies [every rule](../rules/README.md).",
      see: [
        "[SQL files as migrations](../sql-files.md)",
        "[safety](../safety.md)",
        "[run code](run.md)",
      ],
    },
    {
      file: "run",
      title: "Run code",
      does: "`m.run` runs your own code on the migration's connection, inside its transaction.",
      methods: { "m.run": ["(db) => { … }", "options"] },
      more: "`db` has `query(sql, parameters)` for rows, `change(sql, parameters)` for the number of changed rows, and `execute(sql)`. Do not commit or roll back in your code: the migration would fail with [`transaction_broken`](../errors.md).",
      cases: ["Run code"],
      irreversible: ["code"],
      back: "Give `down`, the code that undoes it. Without `down`, Slipway refuses to go down.",
      locks:
        "`slipway check` cannot read the SQL inside your code. [`slipway check --trace`](../trace.md) runs your code on a scratch database and judges what it sends. To change many rows, write a [backfill](../backfill.md), which works in batches.",
      see: [
        "[libraries inside a migration](../migrations.md#code)",
        "[data migrations](../data-migrations.md)",
        "[run SQL](execute.md)",
      ],
    },
  ],
};
