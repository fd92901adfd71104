import type { ForeignHistory } from "./foreign-history.ts";
import { isTrue, leadingNumber, timeOf } from "./key.ts";

/** sqlx: the leading number; the checksum is SHA-384 of the file, in bytes. */
export const sqlx: ForeignHistory = {
  tool: "sqlx",
  label: "sqlx",
  table: { name: "_sqlx_migrations", has: ["version", "description", "success", "checksum"] },
  columns: ["version", "installed_on", "success"],
  order: ["version"],
  says: ({ version, installed_on: at, success }) => {
    if (version === undefined) return undefined;
    return isTrue(success)
      ? { key: version, state: "applied", appliedAt: timeOf(at) }
      : {
          key: version,
          state: "failed",
          reason: "it is marked dirty, so a part of it may be there",
        };
  },
  keys: leadingNumber,
};
