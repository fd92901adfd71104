/** Signals of the user's own: a query, a function. */
import type { Signal } from "./signal.ts";

/** A query that holds while it gives a row. */
export const customSql: Signal = {
  name: "throttle.sql",
  of: "database",
  limit: ({ sql }) => sql,
  async read({ db }, { sql }) {
    const [row] = await db.query(sql?.sql ?? "");
    if (row === undefined) return undefined;
    return `the throttle's query says ${String(Object.values(row)[0])}`;
  },
};

/** A function that holds while it gives text or `true`. */
export const customCheck: Signal = {
  name: "throttle.check",
  of: "database",
  limit: ({ check }) => check,
  async read({ db }, { check }) {
    const answer = await check?.(db);
    if (answer === true) return "the throttle's check says so";
    if (answer === undefined || answer === null || answer === false || answer === "")
      return undefined;
    if (typeof answer === "string") return answer;
    throw new Error(`it gave ${typeof answer}, and not text, true or nothing`);
  },
};
