/** Values on their way into a driver. */
import type { MysqlInput } from "./driver.ts";

/** A parameter as a prepared statement takes it: a `Date` in UTC, objects as JSON. */
export function incoming(value: unknown): MysqlInput {
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
