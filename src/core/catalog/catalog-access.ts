/** How the schema of a database is read, and written down. */
import type { SchemaCatalog } from "./catalog.ts";

export type CatalogAccess = {
  /** Reads it as one moment has it, in a transaction of its own. */
  read(query: CatalogQuery): Promise<SchemaCatalog>;
  write(catalog: SchemaCatalog): SchemaText;
  /** What a connection must be told before the statements run, as `SET` statements. */
  readonly settings: readonly string[];
};

/** Runs one statement and gives its rows. */
export type CatalogQuery = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A catalog as the statements that make it, in an order in which they run. */
export type SchemaText = {
  /** Without semicolons. */
  readonly statements: readonly string[];
  /** What is there and cannot be written: `operator public.+`. */
  readonly leftOut: readonly string[];
};
