/**
 * A model of a database's schema: what earlier statements have built, as far as rules need to know.
 * It is built by the same code that foretells what a statement does.
 */
import type { FunctionFacts } from "../../model/database-facts.ts";
import type {
  CatalogConstraint,
  CatalogIndex,
  CatalogSequence,
  DatabaseFunction,
  Domain,
  EnumType,
  Origin,
  Publication,
  Table,
  TypeName,
} from "./catalog-objects.ts";

export type * from "./catalog-objects.ts";

/** Made before the run. */
export const older: Origin = { run: false, file: -1 };

/** The schema, to be changed by those who foretell. */
export class Catalog {
  /** Whether it knows the objects of earlier migrations, so that any other does not exist. */
  readonly complete: boolean;
  tables = new Map<string, Table>();
  indexes = new Map<string, CatalogIndex>();
  enums = new Map<string, EnumType>();
  domains = new Map<string, Domain>();
  /** Composite types by schema and name, with the types of their attributes. */
  composites = new Map<string, readonly (TypeName & { readonly attribute?: string })[]>();
  extensions = new Set<string>();
  /** Whether something ran in it that may have made anything. */
  hasOpaque = false;
  /** Whether it has types of kinds that are not followed: ranges, base types. */
  hasOtherTypes = false;
  /** Whether migrations made casts, which convert types that nothing else converts. */
  hasCasts = false;
  /** Whether migrations made operators. */
  hasOperators = false;
  /** Whether tables had others above them, from which the server makes indexes, constraints and triggers for them. */
  hasClones = false;
  sequences = new Map<string, CatalogSequence>();
  functions = new Map<string, DatabaseFunction>();
  /** Functions of extensions by their bare name, as facts of production have them. */
  ofExtensions = new Map<string, FunctionFacts["volatility"]>();
  /** Procedures that commit or roll back by themselves. */
  committing = new Set<string>();
  publications = new Map<string, Publication>();
  /** The shown names of the tables that each subscription fills, as facts of production have them. */
  subscriptions = new Map<string, ReadonlySet<string>>();
  /**
   * How subscribers find a changed row, by the shown name of the table. Only tables where the
   * primary key does not do it.
   */
  identities = new Map<
    string,
    { readonly by: "nothing" | "full" | "index"; readonly index?: string | undefined }
  >();
  schemas = new Map<string, Origin>([["public", older]]);
  searchPath: readonly string[] = ["public"];
  /** The keys of tables that production has, whoever made them. */
  inProduction = new Set<string>();

  constructor(options: { readonly complete: boolean }) {
    this.complete = options.complete;
  }

  /** A copy that shares nothing, to go back to. */
  copy(): Catalog {
    const made = new Catalog({ complete: this.complete });
    return Object.assign(made, structuredClone({ ...this }));
  }

  /** The key of an object: found along the search path, or where it would be made. */
  keyIn(map: ReadonlyMap<string, unknown>, name: string, schema: string | undefined): string {
    if (schema !== undefined) return `${schema}.${name}`;
    const places = ["pg_temp", ...this.searchPath, "public"];
    const isTables = map === this.tables;
    const found = places.find((place) => {
      const key = `${place}.${name}`;
      return map.has(key) || (isTables && this.inProduction.has(key));
    });
    return `${found ?? this.searchPath[0] ?? "public"}.${name}`;
  }

  find<Item>(
    map: ReadonlyMap<string, Item>,
    name: string,
    schema?: string | undefined,
  ): Item | undefined {
    return map.get(this.keyIn(map, name, schema));
  }

  /** The schema of something new. */
  schemaForNew(schema: string | undefined): string {
    return schema ?? this.searchPath[0] ?? "public";
  }

  /** Removes temporary objects, which end with their connection. */
  dropTemporary(): void {
    for (const map of [this.tables, this.indexes, this.sequences, this.composites])
      for (const key of map.keys()) if (key.startsWith("pg_temp.")) map.delete(key);
  }

  // Loops, because a history of thousands of tables asks each of these for each table, and lists in between cost most.
  indexesOf(table: Table): readonly CatalogIndex[] {
    const found: CatalogIndex[] = [];
    for (const index of this.indexes.values()) if (index.table === table) found.push(index);
    return found;
  }

  /** Foreign keys of other tables that refer to this one. */
  referencesTo(
    table: Table,
  ): readonly { readonly from: Table; readonly constraint: CatalogConstraint }[] {
    const found: { from: Table; constraint: CatalogConstraint }[] = [];
    for (const from of this.tables.values())
      for (const constraint of from.constraints.values())
        if (constraint.references?.table === table) found.push({ from, constraint });
    return found;
  }

  /** Views that read the table, or one column of it. */
  viewsOn(table: Table, column?: string): readonly Table[] {
    const found: Table[] = [];
    for (const view of this.tables.values())
      for (const source of view.reads)
        if (source.table === table && (column === undefined || source.columns.has(column))) {
          found.push(view);
          break;
        }
    return found;
  }
}

/** A table with nothing in it. */
export function emptyTable(
  given: Pick<Table, "schema" | "name" | "origin" | "known"> & Partial<Table>,
): Table {
  return {
    kind: "table",
    persistence: "p",
    accessMethod: "heap",
    tablespace: "",
    columns: new Map(),
    constraints: new Map(),
    partitions: new Set(),
    inherits: [],
    reads: [],
    triggers: new Map(),
    triggerFunctions: new Map(),
    policies: new Map(),
    rules: new Set(),
    readers: new Map(),
    statistics: new Map(),
    ...given,
  };
}

/** The table at the root of its partition tree: a tree is one table to those who use it. */
export function rootOf(table: Table): Table {
  return table.parent === undefined ? (table.inherits[0] ?? table) : rootOf(table.parent);
}

/** The table and everything below it. */
export function treeOf(table: Table): readonly Table[] {
  return [table, ...[...table.partitions].flatMap(treeOf)];
}

/** The columns by which it, and what is below it, is partitioned. */
export function partitionKeysOf(table: Table): readonly string[] {
  return treeOf(table).flatMap(({ partitionBy }) => partitionBy?.columns ?? []);
}

/** The name as a reader writes it: without the schema when that is `public`. */
export function shown(named: { readonly schema: string; readonly name: string }): string {
  return named.schema === "public" ? named.name : `${named.schema}.${named.name}`;
}
