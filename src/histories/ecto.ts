import type { ForeignHistory } from "./foreign-history.ts";
import { leadingNumber, timeOf } from "./key.ts";

/**
 * Ecto, and Slipway where each tenant has a separate table: the number of the file. The shared
 * migrations are in a table of this shape already, so nobody takes that over.
 */
export const ecto: ForeignHistory = {
  tool: "ecto",
  label: "Ecto",
  table: { name: "schema_migrations", has: ["version", "inserted_at"], lacks: ["dirty"] },
  columns: ["version", "inserted_at"],
  order: ["version"],
  keepsNoOrder: true,
  says: ({ version, inserted_at: at }) =>
    version === undefined ? undefined : { key: version, state: "applied", appliedAt: timeOf(at) },
  keys: leadingNumber,
};
