/** Findings with what a file of facts says of their tables. */
import type { DatabaseFacts, MeasuredTable } from "../core/model/database-facts.ts";
import type { RepoFacts } from "../core/model/production-facts.ts";
import { type Forecast, forecast, type KnownTable } from "../core/safety/forecast/forecast.ts";
import { sizeMatters, type TableSizes } from "../core/safety/rules/grade.ts";
import type { PlacedWork } from "./check-history.ts";
import type { Finding, Findings } from "./finding.ts";
import { graded } from "./graded.ts";
import type { CheckNote, PlacedForecast } from "./judged.ts";

/** So small a table keeps nobody waiting: as `migrate` judges it, by the length of its file. */
const smallBytes = 262_144;
const smallRows = 5_000;

/**
 * Grades findings by the sizes of then. What lasts as long as there are rows is only told where the tables have few, as
 * `migrate` lets it through.
 */
export function byFacts(
  found: Findings & { readonly works: readonly PlacedWork[] },
  facts: RepoFacts,
): Findings & FactsScope {
  const sizes = sizesOf(facts);
  const forecasts = forecastsOf(found.works, facts);
  const foreseen = <One extends Finding>(finding: One): One => {
    const own = forecasts.find(
      ({ file, line, statement, table }) =>
        file === finding.file &&
        line === finding.line &&
        statement === finding.statement &&
        sizeMatters(finding.rule) &&
        finding.tables.includes(table),
    );
    return own === undefined ? finding : { ...finding, forecast: bare(own) };
  };
  const sized = graded(found, sizes);
  const known = {
    findings: sized.findings.map(foreseen),
    answered: sized.answered.map(foreseen),
  };
  const isSmall = ({ rule, tables }: Finding) =>
    (sizeMatters(rule) || rule === "replace-index-order") &&
    tables.length > 0 &&
    tables.every((table) => isSmallTable(table, facts));
  return {
    answered: known.answered,
    forecasts,
    findings: known.findings.filter((finding) => !isSmall(finding)),
    notes: known.findings.filter(isSmall).map(({ file, line, rule, tables }): CheckNote => {
      const few = tables.length === 1 ? "has few rows" : "have few rows";
      const message = `line ${line}: ${rule} stops nobody, because ${tables.join(", ")} ${few}`;
      return { code: "few_rows", file, message };
    }),
  };
}

export type FactsScope = {
  readonly notes: readonly CheckNote[];
  readonly forecasts: readonly PlacedForecast[];
};

function forecastsOf(works: readonly PlacedWork[], facts: RepoFacts): readonly PlacedForecast[] {
  return works.flatMap(({ file, line, statement, ...work }) => {
    if (isSmallTable(work.table, facts)) return [];
    const known = knownTable(work.table, facts);
    const found = known && forecast(work, known, facts.measured);
    return found === undefined ? [] : [{ ...found, file, line, statement }];
  });
}

function bare({ file, line, statement, ...known }: PlacedForecast): Forecast {
  return known;
}

function knownTable(name: string, facts: RepoFacts): KnownTable | undefined {
  const size = sizesOf(facts).get(name);
  if (size === undefined) return undefined;
  const indexBytes = treeOf(name, facts).reduce((sum, part) => sum + (part.indexBytes ?? 0), 0);
  return {
    ...size,
    indexBytes,
    indexes: facts.indexes.filter(({ table }) => table === name).length,
  };
}

/** What is known of each table, a partitioned one with all of its partitions. */
export function sizesOf(facts: DatabaseFacts): TableSizes {
  const sizes = new Map<string, { readonly rows: number; readonly bytes: number }>();
  for (const { name } of facts.tables) {
    const parts = treeOf(name, facts);
    const isKnown = parts.every(({ rows, bytes }) => rows !== undefined && bytes !== undefined);
    if (parts.length === 0 || !isKnown) continue;
    const sum = (of: "rows" | "bytes") => parts.reduce((total, part) => total + (part[of] ?? 0), 0);
    sizes.set(name, { rows: sum("rows"), bytes: sum("bytes") });
  }
  return sizes;
}

function isSmallTable(name: string, facts: DatabaseFacts): boolean {
  const parts = treeOf(name, facts);
  return (
    parts.length > 0 &&
    parts.every(
      ({ rows = 0, bytes = Number.POSITIVE_INFINITY }) => bytes <= smallBytes && rows <= smallRows,
    )
  );
}

/** What holds the rows of a table: itself, or its partitions. */
function treeOf(name: string, { tables }: DatabaseFacts): readonly MeasuredTable[] {
  const own = tables.filter((table) => table.name === name && table.kind !== "partitioned");
  const below = tables.filter(({ partitionOf }) => partitionOf === name);
  return [...own, ...below.flatMap((part) => treeOf(part.name, { tables } as DatabaseFacts))];
}
