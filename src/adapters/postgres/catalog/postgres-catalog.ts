/** The schema of a PostgreSQL database, 13 and newer: read, and written as SQL. */
import type { CatalogAccess } from "../../../core/catalog/catalog-access.ts";
import { alterStatements } from "./alter.ts";
import { alterColumn } from "./alter-table.ts";
import { readPostgresCatalog, readPostgresFacts, readPostgresWithin } from "./read.ts";
import { readPostgresRights } from "./read-rights.ts";
import { labelOf, quote } from "./words.ts";
import { postgresPieces, writePostgresCatalog } from "./write.ts";

const settings = ["SET check_function_bodies = off", "SET search_path = ''"];

/**
 * The parts that a built release has to write a schema down and to load it: nothing that makes one
 * schema of another.
 */
export const postgresSchema: Omit<CatalogAccess, "facts" | "words"> = {
  read: readPostgresCatalog,
  within: readPostgresWithin,
  write: writePostgresCatalog,
  rights: readPostgresRights,
  settings,
};

// Nothing is spread here: a bundler keeps all code that a spread may run, and a built release would have all of it.
export const postgresCatalog: CatalogAccess = {
  read: readPostgresCatalog,
  facts: readPostgresFacts,
  within: readPostgresWithin,
  write: writePostgresCatalog,
  rights: readPostgresRights,
  settings,
  words: {
    pieces: postgresPieces,
    alter: alterStatements,
    alterColumn,
    renameType: (object, to) => `ALTER ${labelOf(object)} RENAME TO ${quote(to)}`,
  },
};

/** The parts that a built release has to compare. */
export const postgresReader: Pick<CatalogAccess, "facts"> = { facts: readPostgresFacts };
