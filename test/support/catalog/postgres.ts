/** The catalog as `check --roundtrip` reads it, with the order of columns. */
export { postgresCatalogSql } from "../../../src/shadow/roundtrip/catalog.ts";
