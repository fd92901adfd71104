import type { ForeignHistory } from "./foreign-history.ts";
import { leadingDigits } from "./key.ts";

/** The Supabase command line: the leading digits as text, in a separate schema. */
export const supabase: ForeignHistory = {
  tool: "supabase",
  label: "Supabase CLI",
  table: {
    name: "schema_migrations",
    schema: "supabase_migrations",
    has: ["version", "statements", "name"],
  },
  columns: ["version"],
  order: ["version"],
  says: ({ version: key }) => (key === undefined ? undefined : { key, state: "applied" }),
  keys: leadingDigits,
};
