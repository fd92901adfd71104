import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** MikroORM: the name of the file without its ending, which is that of the class. */
export const mikroOrm: ForeignHistory = {
  tool: "mikro-orm",
  label: "MikroORM",
  table: { name: "mikro_orm_migrations", has: ["id", "name", "executed_at"] },
  columns: ["name", "executed_at"],
  order: ["id"],
  says: ({ name, executed_at: at }) =>
    name === undefined ? undefined : { key: name, state: "applied", appliedAt: timeOf(at) },
  keys: ({ stem }) => [stem],
};
