import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** postgres-migrations: the name without number and ending; of a file that is only a number, the whole name. */
export const postgresMigrations: ForeignHistory = {
  tool: "postgres-migrations",
  label: "postgres-migrations",
  table: { name: "migrations", has: ["id", "name", "hash", "executed_at"] },
  columns: ["id", "name", "hash", "executed_at"],
  wallClock: ["executed_at"],
  order: ["id"],
  says: ({ id, name, hash, executed_at: at }) =>
    name === undefined || id === "0"
      ? undefined
      : { key: name, state: "applied", appliedAt: timeOf(at), checksum: hash },
  keys: ({ base, stem }) => [/^\d+$/.test(stem) ? base : stem.replace(/^\d+[-_]?/, "")],
  checksums: ({ base, text }, { sha1 }) => (base.endsWith(".sql") ? [sha1(base + text)] : []),
};
