import type { Named } from "../../core/model/named.ts";
import { literal } from "./literal.ts";

/** The condition that picks a table in `information_schema`; without a prefix it is in the present database. */
export function inTable({ name, prefix }: Named): string {
  const schema = prefix === undefined ? "DATABASE()" : literal(prefix);
  return `table_schema = ${schema} AND table_name = ${literal(name)}`;
}
