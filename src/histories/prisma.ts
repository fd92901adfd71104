import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** Prisma: the name of the folder. A row without an end is a migration that failed, unless it was marked rolled back. */
export const prisma: ForeignHistory = {
  tool: "prisma",
  label: "Prisma",
  table: {
    name: "_prisma_migrations",
    has: ["id", "checksum", "finished_at", "migration_name", "rolled_back_at", "started_at"],
  },
  columns: ["migration_name", "checksum", "finished_at", "rolled_back_at", "started_at"],
  order: ["started_at"],
  says(row) {
    const { migration_name: key, checksum, finished_at: finished, rolled_back_at: back } = row;
    if (key === undefined) return undefined;
    if (back !== undefined) return { key, state: "rolled_back" };
    if (finished === undefined)
      return { key, state: "failed", reason: "it has no end, so a part of it may be there" };
    return { key, state: "applied", appliedAt: timeOf(finished), checksum };
  },
  keys: ({ base }) => [base],
  // A checkout may have changed the line ends since.
  checksums: ({ text }, { sha256 }) => {
    const unix = text.replaceAll("\r\n", "\n");
    return [sha256(text), sha256(unix), sha256(unix.replaceAll("\n", "\r\n"))];
  },
};
