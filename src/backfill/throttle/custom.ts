/** Signals of the user's own: a query, a function. */
import { databaseOf } from "../modes/batch.ts";
import type { Signal } from "./signals.ts";

/** A query that holds while it gives a row. */
export const customSql: Signal = {
  name: "throttle.sql",
  limit: ({ sql }) => sql,
  async read({ session }, { sql }) {
    const [row] = await session.query(sql?.sql ?? "");
    if (row === undefined) return undefined;
    return `the throttle's query says ${String(Object.values(row)[0])}`;
  },
};

/** A function that holds while it gives text or `true`. */
export const customCheck: Signal = {
  name: "throttle.check",
  limit: ({ check }) => check,
  async read({ session }, { check }) {
    const answer = await check?.(databaseOf(session));
    if (typeof answer === "string" && answer !== "") return answer;
    return answer === true ? "the throttle's check says so" : undefined;
  },
};
