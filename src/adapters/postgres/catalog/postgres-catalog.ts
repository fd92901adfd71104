/** The schema of a PostgreSQL database, 13 and newer: read, and written as SQL. */
import type { CatalogAccess } from "../../../core/catalog/catalog-access.ts";
import { alterStatements } from "./alter.ts";
import { alterColumn } from "./alter-table.ts";
import { readPostgresCatalog, readPostgresFacts, readPostgresWithin } from "./read.ts";
import { readPostgresRights } from "./read-rights.ts";
import { labelOf, quote } from "./words.ts";
import { postgresPieces, writePostgresCatalog } from "./write.ts";

export const postgresCatalog: CatalogAccess = {
  read: readPostgresCatalog,
  facts: readPostgresFacts,
  within: readPostgresWithin,
  write: writePostgresCatalog,
  rights: readPostgresRights,
  settings: ["SET check_function_bodies = off", "SET search_path = ''"],
  words: {
    pieces: postgresPieces,
    alter: alterStatements,
    alterColumn,
    renameType: (object, to) => `ALTER ${labelOf(object)} RENAME TO ${quote(to)}`,
  },
};

/** What a built release has of it. */
export const postgresReader: Pick<CatalogAccess, "facts"> = { facts: readPostgresFacts };
