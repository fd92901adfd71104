/** Which findings stop nobody, because the database has no rows, or few, where they are. */
import type { Session } from "../adapters/adapter.ts";
import type { Named } from "../core/model/named.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import { sizeMatters } from "../core/safety/rules/grade.ts";
import type { VerdictFinding } from "../core/safety/rules/verdict-data.ts";

export type Sifted<One> = {
  readonly left: readonly One[];
  /** What was let through, and why. */
  readonly warnings: readonly Warning[];
};

/** What they find is in the migration itself, or in the server: rows have no say in it. */
const notAboutRows: ReadonlySet<string> = new Set([
  "concurrently-in-transaction",
  "drop-database",
  "enum-value-used-in-transaction",
  "syntax-error",
  "transaction-control",
  "unused-answer",
  "will-fail",
]);

/** Asks the server once, where it can tell. Elsewhere all are left: the adapter has been asked about each. */
export async function letThrough<One extends VerdictFinding>(
  found: readonly One[],
  { session, history }: { readonly session: Session; readonly history: Named | undefined },
): Promise<Sifted<One>> {
  const asked = found.filter(({ rule }) => !notAboutRows.has(rule));
  const { safety } = session.dialect;
  if (asked.length === 0 || safety === undefined) return { left: found, warnings: [] };
  const sizes = await sizesOf(session, safety.fullness(history?.name ?? "schema_migrations"));
  const isEmpty = [...sizes.values()].every((size) => size === "empty");
  const isSmall = ({ rule, tables }: VerdictFinding) =>
    (sizeMatters(rule) || rule === "replace-index-order") &&
    tables.length > 0 &&
    tables.every((table) => (sizes.get(table) ?? "large") !== "large");
  const through = new Set(asked.filter((one) => isEmpty || isSmall(one)));
  if (through.size === 0) return { left: found, warnings: [] };
  const because = isEmpty ? "no_rows" : "few_rows";
  return {
    left: found.filter((one) => !through.has(one)),
    warnings: [warning("let_through", { because, findings: counted([...through]) })],
  };
}

function counted(findings: readonly VerdictFinding[]): { readonly [rule: string]: number } {
  const counts: { [rule: string]: number } = {};
  for (const { rule } of findings) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

/** How much every table of the application holds. */
async function sizesOf(
  session: Session,
  sql: string,
): Promise<ReadonlyMap<string, "empty" | "small" | "large">> {
  const rows = await session.query(sql);
  // The rows of a partitioned table are in its partitions, which are here too.
  return new Map(
    rows.flatMap(({ name, size }) =>
      size === "partitioned" ? [] : [[String(name), size as "empty" | "small" | "large"] as const],
    ),
  );
}
