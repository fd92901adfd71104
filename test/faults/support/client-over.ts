import type { MigrationDatabase } from "../../../src/index.ts";

/** What a library sends around its outermost transaction, and what to send in its place. */
const savepoints: Readonly<Record<string, string>> = {
  begin: "savepoint library",
  "start transaction": "savepoint library",
  commit: "release savepoint library",
  rollback: "rollback to savepoint library",
};

type Query = string | { text: string; values?: unknown[]; rowMode?: "array" };
type Done = (error: unknown, result?: unknown) => void;

/** The connection of a migration as a client of `pg`: a promise, or a callback. */
export function clientOver(db: MigrationDatabase, words = savepoints) {
  const ask = async (query: Query, values: unknown[] = []) => {
    const given = typeof query === "string" ? { text: query } : query;
    const text = words[given.text.toLowerCase().replace(";", "")] ?? given.text;
    const all = "values" in given ? given.values : values;
    const rows = await db.query<Record<string, unknown>>(text, all);
    const isArray = "rowMode" in given && given.rowMode === "array";
    return {
      rows: isArray ? rows.map(Object.values) : [...rows],
      rowCount: rows.length,
      command: "",
    };
  };
  return {
    on: () => undefined,
    removeListener: () => undefined,
    query(query: Query, values?: unknown[] | Done, done?: Done) {
      const back = typeof values === "function" ? values : done;
      const answer = ask(query, typeof values === "function" ? undefined : values);
      if (back === undefined) return answer;
      answer.then((result) => back(undefined, result), back);
      return undefined;
    },
  };
}
