/** Findings with what a file of facts says of their tables. */
import type { DatabaseFacts, MeasuredTable, MeasuredWork } from "../core/model/database-facts.ts";
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
  const tables = new FactTables(facts);
  const forecasts = forecastsOf(found.works, tables, facts.measured);
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
  const sized = graded(found, tables.sizes());
  const known = {
    findings: sized.findings.map(foreseen),
    answered: sized.answered.map(foreseen),
  };
  const isSmall = ({ rule, tables: own }: Finding) =>
    (sizeMatters(rule) || rule === "replace-index-order") &&
    own.length > 0 &&
    own.every((table) => tables.isSmall(table));
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

function forecastsOf(
  works: readonly PlacedWork[],
  tables: FactTables,
  measured: readonly MeasuredWork[] | undefined,
): readonly PlacedForecast[] {
  return works.flatMap(({ file, line, statement, ...work }) => {
    if (tables.isSmall(work.table)) return [];
    const known = tables.known(work.table);
    const found = known && forecast(work, known, measured);
    return found === undefined ? [] : [{ ...found, file, line, statement }];
  });
}

function bare({ file, line, statement, ...known }: PlacedForecast): Forecast {
  return known;
}

/** The tables of facts, each with the partitions that hold its rows: looked up as often as there are statements. */
class FactTables {
  readonly #tables: ReadonlyMap<string, MeasuredTable>;
  readonly #partitions: ReadonlyMap<string | undefined, readonly MeasuredTable[]>;
  readonly #indexes: ReadonlyMap<string, number>;

  constructor({ tables, indexes }: DatabaseFacts) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#partitions = Map.groupBy(tables, ({ partitionOf }) => partitionOf);
    const counts = new Map<string, number>();
    for (const { table } of indexes) counts.set(table, (counts.get(table) ?? 0) + 1);
    this.#indexes = counts;
  }

  /** What is known of each table, a partitioned one with all of its partitions. */
  sizes(): TableSizes {
    const known = [...this.#tables.keys()].flatMap((name) => {
      const table = this.known(name);
      return table === undefined ? [] : [[name, table] as const];
    });
    return new Map(known.map(([name, { rows, bytes }]) => [name, { rows, bytes }]));
  }

  /** `undefined` where the server estimates no rows. */
  known(name: string): KnownTable | undefined {
    const parts = this.#tree(name);
    const isKnown = parts.every(({ rows, bytes }) => rows !== undefined && bytes !== undefined);
    if (parts.length === 0 || !isKnown) return undefined;
    const sum = (of: "rows" | "bytes" | "indexBytes") =>
      parts.reduce((total, part) => total + (part[of] ?? 0), 0);
    const indexes = this.#indexes.get(name) ?? 0;
    return { rows: sum("rows"), bytes: sum("bytes"), indexBytes: sum("indexBytes"), indexes };
  }

  isSmall(name: string): boolean {
    const parts = this.#tree(name);
    const isSmall = ({ rows = 0, bytes = Number.POSITIVE_INFINITY }: MeasuredTable) =>
      bytes <= smallBytes && rows <= smallRows;
    return parts.length > 0 && parts.every(isSmall);
  }

  /** What holds the rows of a table: itself, or its partitions. A file may say that one is its own. */
  #tree(name: string): readonly MeasuredTable[] {
    const found: MeasuredTable[] = [];
    const seen = new Set<string>();
    const next = [name];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      const table = this.#tables.get(at);
      if (table === undefined || seen.has(at)) continue;
      seen.add(at);
      if (table.kind !== "partitioned") found.push(table);
      for (const part of this.#partitions.get(at) ?? []) next.push(part.name);
    }
    return found;
  }
}
