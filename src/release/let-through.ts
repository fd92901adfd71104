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

/** Asks PostgreSQL once. Elsewhere all are left: the adapter has been asked about each. */
export async function letThrough<One extends VerdictFinding>(
  found: readonly One[],
  { session, history }: { readonly session: Session; readonly history: Named | undefined },
): Promise<Sifted<One>> {
  const asked = found.filter(({ rule }) => !notAboutRows.has(rule));
  if (asked.length === 0 || session.dialect.name !== "postgres")
    return { left: found, warnings: [] };
  const sizes = await sizesOf(session, history);
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

/**
 * How much every table of the application holds. The length of its file tells, with rows that are not committed yet:
 * 256 kB are a few thousand. One that somebody has locked is not waited for, and taken to be large.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-DBSIZE
 */
async function sizesOf(
  session: Session,
  history: Named | undefined,
): Promise<ReadonlyMap<string, "empty" | "small" | "large">> {
  const own = session.dialect.literal(history?.name ?? "schema_migrations");
  const rows =
    await session.query(`${session.dialect.catalogOnly}SELECT CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name,
  CASE WHEN c.relkind = 'f' OR EXISTS (SELECT 1 FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock') THEN 'large'
       WHEN c.relkind = 'p' THEN 'partitioned'
       WHEN pg_relation_size(c.oid) = 0 THEN 'empty'
       WHEN pg_relation_size(c.oid) <= 262144 AND c.reltuples <= 5000 THEN 'small'
       ELSE 'large' END AS size
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND left(c.relname, length(${own})) <> ${own} AND c.relname !~ '^slipway_'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`);
  // The rows of a partitioned table are in its partitions, which are here too.
  return new Map(
    rows.flatMap(({ name, size }) =>
      size === "partitioned" ? [] : [[String(name), size as "empty" | "small" | "large"] as const],
    ),
  );
}
