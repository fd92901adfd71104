import type { ForeignHistory } from "./foreign-history.ts";

/** Alembic: the heads of a graph of revisions. Which others ran follows from `down_revision` in its files. */
export const alembic: ForeignHistory = {
  tool: "alembic",
  label: "Alembic",
  table: { name: "alembic_version", has: ["version_num"] },
  columns: ["version_num"],
  order: ["version_num"],
  upTo: true,
  says: ({ version_num: key }) => (key === undefined ? undefined : { key, state: "applied" }),
  keys: ({ stem, text }) => {
    const [, revision] = /^revision\s*(?::\s*str\s*)?=\s*["']([^"']+)["']/m.exec(text) ?? [];
    return [revision ?? stem.replace(/_.*$/s, "")];
  },
};
