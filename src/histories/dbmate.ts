import type { ForeignHistory } from "./foreign-history.ts";
import { leadingDigits } from "./key.ts";

/** dbmate: the leading digits as text, so that `002` is not `2`. Of two files with the same digits one never ran. */
export const dbmate: ForeignHistory = {
  tool: "dbmate",
  label: "dbmate",
  table: {
    name: "schema_migrations",
    has: ["version"],
    lacks: ["dirty", "inserted_at", "name", "statements"],
    notBeside: "ar_internal_metadata",
  },
  columns: ["version"],
  order: ["version"],
  says: ({ version }) => (version === undefined ? undefined : { key: version, state: "applied" }),
  keys: leadingDigits,
};
