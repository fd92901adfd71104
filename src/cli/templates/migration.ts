/** The text of a new migration. */

/** What kind of migration is wanted. */
export type MigrationKind = {
  readonly sql: boolean;
  readonly data: boolean;
};

/** An empty migration: SQL or TypeScript, for the schema or for data. */
export function migrationTemplate({ sql, data }: MigrationKind): string {
  if (sql) return "-- migrate:up\n\n-- migrate:down\n\n";
  return data ? dataMigration : schemaMigration;
}

const schemaMigration = `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
  },
});
`;

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
