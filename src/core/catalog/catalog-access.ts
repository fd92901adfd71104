/** How the schema of a database is read, and written down. */
import type { SchemaCatalog, SchemaObject, TableColumn, TableObject } from "./catalog.ts";
import type { Ordered } from "./order.ts";

export type CatalogAccess = {
  /** Reads the schema as of one moment, in a separate transaction. */
  read(query: CatalogQuery): Promise<SchemaCatalog>;
  /**
   * The same for a comparison: without what needs what, and for as little as it can. `undefined` where there are more
   * tables than `upTo`.
   */
  facts(query: CatalogQuery, upTo: number): Promise<SchemaCatalog | undefined>;
  /** Reads one schema alone, and what belongs to none. Default: it cannot. */
  within?(schema: string): Pick<CatalogAccess, "read" | "facts">;
  write(catalog: SchemaCatalog): SchemaText;
  /** Who may do what with it. Default: nobody can say. */
  rights?(query: CatalogQuery): Promise<readonly RightStatement[]>;
  /** The `SET` statements that a connection must run before the others. */
  readonly settings: readonly string[];
  /** How single objects are made, changed and taken away. Default: nobody can say what makes of one schema another. */
  readonly words?: CatalogWords;
};

/** Writes the statements of which a change of a schema consists. */
export type CatalogWords = {
  /** The statements that make each object, in an order in which they run. */
  pieces(catalog: SchemaCatalog): Ordered;
  /** Makes of one object the other of the same id, in place. Of a table, without its columns. Nothing: it is made anew. */
  alter(from: SchemaObject, to: SchemaObject): readonly string[] | undefined;
  /** Makes of one column the other one, but for its type, its default and whether it may be null. */
  alterColumn(table: TableObject, from: TableColumn, to: TableColumn): readonly string[];
  /** Gives a type another name. */
  renameType(object: SchemaObject, to: string): string;
};

/** Two statements of one session: before the object goes, and when it is there again. */
export type KeptRights = { readonly keep: string; readonly giveBack: string };

/**
 * One statement, and the object that it is about. No object for a statement about later objects.
 */
export type RightStatement = { readonly object?: string; readonly sql: string };

/** Runs one statement and gives its rows. */
export type CatalogQuery = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A catalog as the statements that make it, in an order in which they run. */
export type SchemaText = {
  /** Without semicolons. */
  readonly statements: readonly string[];
  /** The objects that exist and cannot be written: `operator public.+`. */
  readonly leftOut: readonly string[];
};
