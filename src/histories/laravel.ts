import type { ForeignHistory } from "./foreign-history.ts";

/** Laravel: the name of the file without its ending. */
export const laravel: ForeignHistory = {
  tool: "laravel",
  label: "Laravel",
  table: { name: "migrations", has: ["id", "migration", "batch"] },
  columns: ["migration"],
  order: ["id"],
  says: ({ migration: key }) => (key === undefined ? undefined : { key, state: "applied" }),
  keys: ({ stem }) => [stem],
};
