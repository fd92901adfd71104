/** The catalog as `check --roundtrip` reads it. */
export { sqliteCatalog } from "../../../src/shadow/roundtrip/sqlite-catalog.ts";
