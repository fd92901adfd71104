import type { ForeignHistory } from "./foreign-history.ts";
import { leadingNumber } from "./key.ts";

/** Rails: the leading digits without zeros. */
export const rails: ForeignHistory = {
  tool: "rails",
  label: "Rails",
  table: {
    name: "schema_migrations",
    has: ["version"],
    lacks: ["dirty", "inserted_at", "name", "statements"],
    beside: "ar_internal_metadata",
  },
  columns: ["version"],
  order: ["version"],
  keepsNoOrder: true,
  says: ({ version }) =>
    version === undefined ? undefined : { key: version.replace(/^0+(?=\d)/, ""), state: "applied" },
  keys: leadingNumber,
};
