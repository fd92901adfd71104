import type { ForeignHistory } from "./foreign-history.ts";
import { leadingNumber } from "./key.ts";

/** tern: one row with the newest number. All up to it ran. */
export const tern: ForeignHistory = {
  tool: "tern",
  label: "tern",
  table: { name: "schema_version", has: ["version"], lacks: ["installed_rank", "name"] },
  columns: ["version"],
  order: ["version"],
  upTo: true,
  says: ({ version: key }) =>
    key === undefined || key === "0" ? undefined : { key, state: "applied" },
  keys: leadingNumber,
};
