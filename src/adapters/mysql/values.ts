/** Values on their way into the driver, and its results as rows. */
import type { ExecuteValues, QueryResult } from "mysql2/promise";
import type { Row } from "../adapter.ts";

/** A parameter as a prepared statement takes it: a `Date` in UTC, objects as JSON. */
export function incoming(value: unknown): ExecuteValues {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
    case "number":
    case "string":
    case "bigint":
      return value;
  }
  if (value === null || value instanceof Date) return value;
  return value instanceof Uint8Array ? Buffer.from(value) : JSON.stringify(value);
}

/** The rows of a result: the last ones where a procedure gives several, none of a statement that gives no rows. */
export function rowsOf(result: QueryResult): readonly Row[] {
  if (!Array.isArray(result)) return [];
  const lists = result.filter((part): part is Row[] & typeof part => Array.isArray(part));
  return lists.at(-1) ?? (result.filter((part) => !isHeader(part)) as readonly Row[]);
}

/** How many warnings a statement that gives no rows has left. */
export function warningsOf(result: QueryResult): number {
  return Array.isArray(result) || !("warningStatus" in result) ? 0 : result.warningStatus;
}

function isHeader(part: object): boolean {
  return "constructor" in part && part.constructor.name === "ResultSetHeader";
}
