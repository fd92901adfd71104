import type { FileFacts, ForeignHistory, Hashes } from "./foreign-history.ts";
import { leadingDigits, timeOf } from "./key.ts";

/** graphile-migrate: the digits of the file, for the slug came later. `current.sql` is no migration. */
export const graphileMigrate: ForeignHistory = {
  tool: "graphile-migrate",
  label: "graphile-migrate",
  table: { name: "migrations", has: ["hash", "previous_hash", "filename", "date"] },
  columns: ["hash", "filename", "date"],
  order: ["filename"],
  says: ({ hash, filename, date }) =>
    filename === undefined
      ? undefined
      : {
          key: /^\d+/.exec(filename)?.[0] ?? filename,
          state: "applied",
          appliedAt: timeOf(date),
          checksum: hash,
        },
  keys: leadingDigits,
  checksums: (file, hashes) => [`sha1:${chained(file, hashes)}`],
};

/** The body is signed together with the hash of the one before it, which its header names. */
export function chained({ text }: FileFacts, { sha1 }: Hashes): string {
  const [, previous = "-"] = /^--! Previous:\s*(\S+)/m.exec(text) ?? [];
  const body = text.replace(/^(?:--![^\n]*\n)+/, "").trim();
  return sha1(previous === "-" ? `${body}\n` : `${previous}\n${body}\n`);
}
