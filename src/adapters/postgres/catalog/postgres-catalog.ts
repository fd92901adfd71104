/** The schema of a PostgreSQL database, 13 and newer: read, and written as SQL. */
import type { CatalogAccess } from "../../../core/catalog/catalog-access.ts";
import { readPostgresCatalog } from "./read.ts";
import { writePostgresCatalog } from "./write.ts";

export const postgresCatalog: CatalogAccess = {
  read: readPostgresCatalog,
  write: writePostgresCatalog,
  settings: ["SET check_function_bodies = off", "SET search_path = ''"],
};
