import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** Liquibase: author and id of a change set. Its lock is a row. */
export const liquibase: ForeignHistory = {
  tool: "liquibase",
  label: "Liquibase",
  table: {
    name: "databasechangelog",
    has: ["id", "author", "filename", "dateexecuted", "exectype"],
  },
  columns: ["id", "author", "filename", "dateexecuted", "exectype"],
  wallClock: ["dateexecuted"],
  order: ["orderexecuted"],
  says(row) {
    const { id, author, dateexecuted: at, exectype = "" } = row;
    if (id === undefined) return undefined;
    const key = `${author ?? ""}:${id}`;
    if (/^FAILED$/i.test(exectype)) return { key, state: "failed", reason: "it failed" };
    if (/^SKIPPED$/i.test(exectype)) return { key, state: "rolled_back" };
    return { key, state: "applied", appliedAt: timeOf(at) };
  },
  keys: ({ text, stem }) => {
    const sets = [...text.matchAll(/^--\s*changeset\s+(\S+:\S+)/gim)].flatMap(
      ([, key = ""]) => key,
    );
    return sets.length > 0 ? sets : [stem];
  },
  lock: { table: "databasechangeloglock", column: "locked", held: ["true", "t", "1"] },
};
