import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf, withEndings } from "./key.ts";

/** Knex 3: the name of the file with its ending, without a folder. */
export const knex: ForeignHistory = {
  tool: "knex",
  label: "Knex",
  table: { name: "knex_migrations", has: ["id", "name", "batch", "migration_time"] },
  columns: ["name", "migration_time"],
  order: ["id"],
  says: ({ name, migration_time: at }) =>
    name === undefined ? undefined : { key: name, state: "applied", appliedAt: timeOf(at) },
  keys: withEndings,
  lock: { table: "knex_migrations_lock", column: "is_locked", held: ["1"] },
};
