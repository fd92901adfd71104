import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf, withEndings } from "./key.ts";

/** ley: the name of the file with its ending. */
export const ley: ForeignHistory = {
  tool: "ley",
  label: "ley",
  table: { name: "migrations", has: ["id", "name", "created_at"], lacks: ["hash", "batch"] },
  columns: ["name", "created_at"],
  order: ["id"],
  says: ({ name, created_at: at }) =>
    name === undefined ? undefined : { key: name, state: "applied", appliedAt: timeOf(at) },
  keys: withEndings,
};
