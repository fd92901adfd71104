/** The shape of the history table. */
import type { Column } from "../core/language/table-parts.ts";

/** The columns of the history. Ecto has the first two and nothing else, so its own rows fit. */
export const historyColumns: readonly Column[] = [
  { name: "version", type: "bigint", primaryKey: true, null: false },
  { name: "inserted_at", type: "naive_datetime" },
  { name: "name", type: "text" },
  { name: "checksum", type: "text" },
  { name: "meaning", type: "text" },
  { name: "plan", type: "map" },
  { name: "duration_ms", type: "bigint" },
  { name: "run_id", type: "text" },
  { name: "release", type: "text" },
  { name: "host", type: "text" },
  { name: "fence", type: "bigint" },
  { name: "phase", type: "text" },
  { name: "compatible_from", type: "text" },
  { name: "migration_id", type: "text" },
];
