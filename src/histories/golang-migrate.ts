import type { ForeignHistory } from "./foreign-history.ts";
import { isTrue, leadingNumber } from "./key.ts";

/** golang-migrate: one row with the newest version. All up to it ran; `dirty` says that it failed. */
export const golangMigrate: ForeignHistory = {
  tool: "golang-migrate",
  label: "golang-migrate",
  table: { name: "schema_migrations", has: ["version", "dirty"] },
  columns: ["version", "dirty"],
  order: ["version"],
  upTo: true,
  says: ({ version, dirty }) => {
    if (version === undefined) return undefined;
    return isTrue(dirty)
      ? {
          key: version,
          state: "failed",
          reason: "it is marked dirty, so a part of it may be there",
        }
      : { key: version, state: "applied" };
  },
  keys: leadingNumber,
};
