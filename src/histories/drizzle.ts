import type { ForeignHistory } from "./foreign-history.ts";
import { timeOfMs } from "./key.ts";

/**
 * Drizzle: the journal's time of a migration, and from 1.0 on its name. The hash is of the text
 * with its marker lines. A file that is older than the newest row may never have run: 0.x compares
 * times and needs no row for each file.
 */
export const drizzle: ForeignHistory = {
  tool: "drizzle",
  label: "Drizzle",
  table: { name: "__drizzle_migrations", has: ["id", "hash", "created_at"] },
  columns: ["hash", "created_at"],
  laterColumns: ["name"],
  order: ["created_at", "id"],
  says: ({ hash, created_at: at, name }) => ({
    key: name ?? `when:${at}`,
    state: "applied",
    appliedAt: timeOfMs(at),
    checksum: hash,
  }),
  keys: ({ stem, journalWhen }) =>
    journalWhen === undefined ? [stem] : [`when:${journalWhen}`, stem],
  checksums: ({ text }, { sha256 }) => [sha256(text)],
};
