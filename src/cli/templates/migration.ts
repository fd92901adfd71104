/** The text of a new migration. */
import type { Field } from "./fields.ts";
import { backfillOf, changeOf } from "./named-migration.ts";

/** The wished kind of migration. */
export type MigrationKind = {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly sql: boolean;
  readonly data: boolean;
};

/** A migration that does as its name says: SQL or TypeScript, for the schema or for data. */
export function migrationTemplate({ name, fields, sql, data }: MigrationKind): string {
  if (sql) return "-- migrate:up\n\n-- migrate:down\n\n";
  if (data) return name.startsWith("backfill_") ? backfill(name) : dataMigration;
  const lines = changeOf(name, fields) ?? [
    '// m.alterTable("posts", (t) => t.add("published_at", "utc_datetime"));',
  ];
  return `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
${lines.map((line) => `    ${line}\n`).join("")}  },
});
`;
}

function backfill(name: string): string {
  const { table, column } = backfillOf(name);
  return `import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  table: "${table}",
  key: "id",
  where: sql\`${column} is null\`,
  set: { ${column}: sql\`…\` },
});
`;
}

const dataMigration = `import { defineMigration } from "slipway";

export default defineMigration({
  up(m) {
    m.run(async (db) => {
    });
  },
  down(m) {
  },
});
`;
