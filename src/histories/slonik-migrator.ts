import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** @slonik/migrator: the name of the file with its ending; ten digits of the text's checksum. */
export const slonikMigrator: ForeignHistory = {
  tool: "slonik-migrator",
  label: "@slonik/migrator",
  table: { name: "migration", has: ["name", "hash", "date"] },
  columns: ["name", "hash", "date"],
  order: ["name"],
  says: ({ name, hash, date }) =>
    name === undefined
      ? undefined
      : { key: name, state: "applied", appliedAt: timeOf(date), checksum: hash },
  keys: ({ base }) => [base],
  checksums: ({ text }, { md5 }) => [md5(text.replace(/\r?\n$/, "")).slice(0, 10)],
};
