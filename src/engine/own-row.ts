/** A row that is added to a table of Slipway's own. */
import type { Dialect } from "../core/language/dialect.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";

/** `values`: SQL by the names of columns. What the database itself knows is the same in each row, and no value of one. */
export function ownRow(
  dialect: Dialect,
  table: Named,
  values: Readonly<Record<string, string>>,
): Statement {
  const names = Object.keys(values).map((name) => dialect.quote(name));
  const into = `INSERT INTO ${dialect.quoteNamed(table)} (${names.join(", ")}) VALUES`;
  const all = Object.values(values);
  const literals: string[] = [];
  const places = all.map((value) => {
    if (value === dialect.utcNow || value === dialect.elapsedMs) return value;
    return `$${literals.push(value)}`;
  });
  return {
    sql: `${into} (${all.join(", ")})`,
    policy: { kind: "plain" },
    prepares: { text: `${into} (${places.join(", ")})`, values: literals },
  };
}
