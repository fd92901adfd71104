/** Which findings stop nobody, because the database has no rows, or few, where they are. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import { orderOf } from "../core/plan/order.ts";
import { sizeMatters } from "../core/safety/rules/grade.ts";
import type { VerdictFinding } from "../core/safety/rules/verdict-data.ts";
import { readMovedIn } from "../engine/event-table.ts";

export type Sifted<One> = {
  readonly left: readonly One[];
  /** A warning for each thing that was let through, with the reason. */
  readonly warnings: readonly Warning[];
};

/**
 * They find mistakes in the migration itself or in the server, so the number of rows does not
 * matter.
 */
const notAboutRows: ReadonlySet<string> = new Set([
  "concurrently-in-transaction",
  "drop-database",
  "enum-value-used-in-transaction",
  "syntax-error",
  "transaction-control",
  "unused-answer",
  "will-fail",
]);

/** Few rows make these short: nobody waits long, and nobody loses anything. */
const soonDone: ReadonlySet<string> = new Set(["replace-index-order", "multi-table-lock"]);

/**
 * These work beside the table that they name, so they are short only where no table at all is
 * large.
 */
const worksElsewhere: ReadonlySet<string> = new Set(["work-after-exclusive-lock"]);

/** Who uses the table waits, and a table without rows has nobody who does. */
const makesWait: ReadonlySet<string> = new Set([
  "drop-index-not-concurrent",
  "lock-table",
  "refresh-matview-not-concurrent",
  "work-after-exclusive-lock",
]);

/**
 * Lets through findings that harm nobody. Asks the server once, where it can tell; elsewhere the
 * adapter was asked about each. Then lets through the migrations that came along with a history
 * that moved in.
 */
export async function letThrough<One extends VerdictFinding & { readonly version: Version }>(
  found: readonly One[],
  place: {
    readonly session: Session;
    readonly history: Named | undefined;
    readonly files: readonly MigrationFile[];
  },
): Promise<Sifted<One>> {
  const byRows = await withoutRows(found, place);
  const asked = byRows.left.filter(({ rule }) => !notAboutRows.has(rule));
  const { session, history = { name: "schema_migrations" }, files } = place;
  const last = asked.length === 0 ? undefined : await readMovedIn(session, history, files);
  if (last === undefined) return byRows;
  const order = orderOf(files);
  const came = new Set(asked.filter(({ version }) => order(version, last) <= 0));
  return sifted(byRows.left, came, "moved_in", byRows.warnings);
}

async function withoutRows<One extends VerdictFinding>(
  found: readonly One[],
  { session, history }: { readonly session: Session; readonly history: Named | undefined },
): Promise<Sifted<One>> {
  const asked = found.filter(({ rule }) => !notAboutRows.has(rule));
  const { safety } = session.dialect;
  if (asked.length === 0 || safety === undefined) return { left: found, warnings: [] };
  const sizes = await sizesOf(session, safety.fullness(history?.name ?? "schema_migrations"));
  const full = [...sizes].filter(([, size]) => size !== "empty").map(([table]) => table);
  const isEmpty = full.length === 0 || (await areHistories(full, session));
  const noneIsLarge = [...sizes.values()].every((size) => size !== "large");
  const isHarmless = ({ rule, tables }: VerdictFinding) => {
    const found = tables.map((table) => sizes.get(table) ?? "large");
    if (found.length === 0) return false;
    if (found.every((size) => size === "empty") && makesWait.has(rule)) return true;
    const isShort =
      sizeMatters(rule) || soonDone.has(rule) || (noneIsLarge && worksElsewhere.has(rule));
    return isShort && found.every((size) => size !== "large");
  };
  const through = new Set(asked.filter((one) => isEmpty || isHarmless(one)));
  return sifted(found, through, isEmpty ? "no_rows" : "few_rows", []);
}

function sifted<One extends VerdictFinding>(
  found: readonly One[],
  through: ReadonlySet<One>,
  because: "no_rows" | "few_rows" | "moved_in",
  before: readonly Warning[],
): Sifted<One> {
  if (through.size === 0) return { left: found, warnings: before };
  return {
    left: found.filter((one) => !through.has(one)),
    warnings: [...before, warning("let_through", { because, findings: counted([...through]) })],
  };
}

/**
 * Whether these are the history tables of other tools: a database that moves in has rows there, and may have no
 * others.
 */
async function areHistories(tables: readonly string[], session: Session): Promise<boolean> {
  const { findHistories, tablesToLookFor } = await import("../histories/find-histories.ts");
  const names = new Set(tablesToLookFor());
  const bare = (table: string) => table.slice(table.indexOf(".") + 1);
  if (!tables.every((table) => names.has(bare(table)))) return false;
  const { presentTables } = await import("./present-tables.ts");
  const found = findHistories(await presentTables(session, []));
  const theirs = new Set(
    found.flatMap(({ history, table: { schema, name } }) =>
      [name, history.lock?.table, history.table.beside].map((one) =>
        schema === undefined || schema === "public" ? one : `${schema}.${one}`,
      ),
    ),
  );
  return tables.every((table) => theirs.has(table));
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
