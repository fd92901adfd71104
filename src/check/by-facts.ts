/** Adds to findings the facts in a file about their tables. */
import type { DatabaseFacts, MeasuredTable, MeasuredWork } from "../core/model/database-facts.ts";
import type { RepoFacts } from "../core/model/production-facts.ts";
import { type Forecast, forecast, type KnownTable } from "../core/safety/forecast/forecast.ts";
import { grade, sizeMatters, type TableSizes } from "../core/safety/rules/grade.ts";
import type { CheckedWork, PlacedWork } from "./check-history.ts";
import type { Finding, Findings } from "./finding.ts";
import type { CheckNote, PlacedForecast } from "./judged.ts";

/**
 * A table below these sizes keeps nobody waiting: `migrate` judges the same way, by the length of
 * its file.
 */
const smallBytes = 262_144;
const smallRows = 5_000;

/**
 * Grades findings by the sizes in the file. Where a table has few rows, a statement that takes
 * longer with more rows becomes a note, as `migrate` lets it through. If a migration does not name
 * a table's schema, the largest table of that name counts.
 */
export function byFacts(found: Findings & CheckedWork, facts: RepoFacts): Findings & FactsScope {
  const tables = new FactTables(facts);
  const meant = meaning(found.pathKnown, tables);
  const forecasts = forecastsOf(found.works, { tables, measured: facts.measured, meant });
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
  const known = (finding: Finding): TableSizes =>
    new Map(
      finding.tables.flatMap((table) => {
        const size = tables.known(meant(table, finding));
        return size === undefined ? [] : [[table, { rows: size.rows, bytes: size.bytes }]];
      }),
    );
  const sized = <One extends Finding>(finding: One): One =>
    foreseen({ ...finding, ...grade(finding, known(finding)) });
  const findings = found.findings.map(sized);
  const isSmall = (finding: Finding) =>
    (sizeMatters(finding.rule) || finding.rule === "replace-index-order") &&
    finding.tables.length > 0 &&
    finding.tables.every((table) => tables.isSmall(meant(table, finding)));
  const few = findings.filter(isSmall).map(({ file, line, rule, tables: own }): CheckNote => {
    const rows = own.length === 1 ? "has few rows" : "have few rows";
    const message = `line ${line}: ${rule} stops nobody, because ${own.join(", ")} ${rows}`;
    return { code: "few_rows", file, message };
  });
  return {
    answered: found.answered.map(sized),
    forecasts,
    findings: findings.filter((finding) => !isSmall(finding)),
    notes: [...few, ...takenFor([...findings, ...found.answered], meant)],
  };
}

/**
 * Whether a table has no partitions, by the facts; tables of the same name in other schemas must
 * have none either.
 */
export function plainBy({ tables }: Pick<DatabaseFacts, "tables">): (table: string) => boolean {
  const parents = new Set(tables.map(({ partitionOf }) => partitionOf));
  return (table) => {
    const meant = tables.filter(({ name }) => name === table || name.endsWith(`.${table}`));
    return (
      meant.length > 0 && meant.every(({ name, kind }) => kind === "table" && !parents.has(name))
    );
  };
}

/** The name in a file of facts for the table that a statement means. */
type Meant = (table: string, at: Pick<Finding, "file" | "line" | "statement">) => string;

function meaning(pathKnown: ReadonlySet<string>, tables: FactTables): Meant {
  return (table, { file, line, statement }) => {
    if (pathKnown.has(`${file}:${line}`)) return table;
    // A table of the usual schema is shown by its name alone, also where the statement says the schema.
    const saysSchema = /\bpublic"?\s*\.\s*"?([^\s"(,;]+)/gi;
    const said = [...statement.matchAll(saysSchema)].some(([, name]) => name === table);
    return said ? table : tables.largestNamed(table);
  };
}

function takenFor(findings: readonly Finding[], meant: Meant): readonly CheckNote[] {
  const told = findings.filter(({ rule }) => sizeMatters(rule));
  const notes = told.flatMap((finding) =>
    finding.tables.flatMap((table): readonly CheckNote[] => {
      const taken = meant(table, finding);
      if (taken === table) return [];
      const message = `line ${finding.line}: ${table} is taken to be ${taken}, the largest of that name, because the migration does not say the schema`;
      return [{ code: "schema_unknown", file: finding.file, message }];
    }),
  );
  return [...new Map(notes.map((note) => [`${note.file} ${note.message}`, note])).values()];
}

export type FactsScope = {
  readonly notes: readonly CheckNote[];
  readonly forecasts: readonly PlacedForecast[];
};

function forecastsOf(
  works: readonly PlacedWork[],
  {
    tables,
    measured,
    meant,
  }: {
    readonly tables: FactTables;
    readonly measured: readonly MeasuredWork[] | undefined;
    readonly meant: Meant;
  },
): readonly PlacedForecast[] {
  return works.flatMap(({ file, line, statement, ...work }) => {
    const table = meant(work.table, { file, line, statement });
    if (tables.isSmall(table)) return [];
    const known = tables.known(table);
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
  /** By the name without its schema. */
  readonly #named: ReadonlyMap<string, readonly string[]>;

  constructor({ tables, indexes }: DatabaseFacts) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#partitions = Map.groupBy(tables, ({ partitionOf }) => partitionOf);
    const counts = new Map<string, number>();
    for (const { table } of indexes) counts.set(table, (counts.get(table) ?? 0) + 1);
    this.#indexes = counts;
    const bare = (name: string) => name.slice(name.indexOf(".") + 1);
    const names = [...this.#tables.keys()].toSorted((a, b) => a.length - b.length);
    this.#named = Map.groupBy(names, bare);
  }

  /**
   * The largest table with this name in any schema; one with an unknown size may be the largest.
   */
  largestNamed(name: string): string {
    const [first = name, ...more] = this.#named.get(name) ?? [];
    const rows = (one: string) =>
      this.isSmall(one) ? 0 : (this.known(one)?.rows ?? Number.POSITIVE_INFINITY);
    return more.reduce((largest, one) => (rows(one) > rows(largest) ? one : largest), first);
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

  /**
   * The tables with the rows of a table: itself, or its partitions. A file may name a table as its
   * own partition.
   */
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
