import { betterSqlite3 } from "../../src/adapters/better-sqlite3/index.ts";
import { describeSqliteDriver } from "../support/sqlite-driver.ts";

describeSqliteDriver({
  folder: "better-sqlite3",
  name: "betterSqlite3",
  make: (path) => betterSqlite3({ path }),
  optionsFor: (path) => ({ path }),
});
