/** How bad a finding is: where the harm lasts as long as there are rows, the table's size tells. */

import type { Severity } from "../../model/severity.ts";
import type { Rule } from "./rule.ts";

/** The server's estimate of a table's size, with its partitions. */
export type TableSize = { readonly rows: number; readonly bytes: number };

/** Sizes by the names that findings give tables. A table that is not in it may be large. */
export type TableSizes = ReadonlyMap<string, TableSize>;

export type Grade = {
  readonly severity: Severity;
  /** The estimated rows of the largest of its tables. Left out where they are not known, or do not matter. */
  readonly rows?: number | undefined;
};

type Graded = {
  readonly rule: string;
  readonly tier?: Rule["tier"] | undefined;
  readonly tables: readonly string[];
};

/**
 * Rules whose harm lasts longer the more rows there are. The harm of other rules is as bad on a
 * small table.
 */
const untilTheLastRow: ReadonlySet<string> = new Set([
  "add-check-scan",
  "add-column-rewrite",
  "add-exclusion-constraint",
  "add-fk-scan",
  "add-primary-key-without-index",
  "add-unique-without-index",
  "attach-partition-scan",
  "change-column-type",
  "domain-constraint-scan",
  "index-not-concurrent",
  "reindex-not-concurrent",
  "set-not-null-scan",
  "statistics-lost",
  "table-rewrite-command",
  "unbatched-dml",
  "validate-in-same-transaction",
]);

/** Whether the size of the tables tells how bad a finding of this rule is. */
export function sizeMatters(rule: string): boolean {
  return untilTheLastRow.has(rule);
}

/** An unknown size counts as large. Conventions are never `high`. */
export function grade({ rule, tier, tables }: Graded, sizes: TableSizes): Grade {
  if (tier === "policy") return { severity: "medium" };
  const known = tables.flatMap((table) => sizes.get(table) ?? []);
  if (!sizeMatters(rule) || known.length === 0 || known.length < tables.length)
    return { severity: "high" };
  const rows = Math.max(...known.map((size) => size.rows));
  const bytes = Math.max(...known.map((size) => size.bytes));
  return { severity: severityOf({ rows, bytes }), rows };
}

const megabyte = 1024 * 1024;

function severityOf({ rows, bytes }: TableSize): Severity {
  if (rows < 10_000 && bytes < 10 * megabyte) return "low";
  if (rows < 1_000_000 && bytes < 1024 * megabyte) return "medium";
  return "high";
}

/** An estimate in words: `about 2.1 million rows`. */
export function rowsInWords(rows: number): string {
  const rounded = Number(rows.toPrecision(2));
  const words =
    rounded >= 1e9
      ? `${rounded / 1e9} billion`
      : rounded >= 1e6
        ? `${rounded / 1e6} million`
        : rounded.toLocaleString("en-US");
  return `about ${words} row${rounded === 1 ? "" : "s"}`;
}
