/** The adapter of SQLite, over the driver `better-sqlite3`. */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { importDriver } from "../import-driver.ts";
import { fromBetter } from "../sqlite/better-database.ts";
import type { SqliteDriver } from "../sqlite/driver.ts";
import { type SqliteOptions, sqliteKinds } from "../sqlite/settings.ts";
import { withDriver } from "../sqlite/with-driver.ts";

export type { SqliteOptions } from "../sqlite/settings.ts";

/**
 * A SQLite database in a file or in memory. Needs the package `better-sqlite3`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function betterSqlite3(options: SqliteOptions): Adapter {
  return withDriver(load, checkOptions("betterSqlite3()", options, sqliteKinds));
}

async function load(): Promise<SqliteDriver> {
  const names = { driver: "better-sqlite3", adapter: "better-sqlite3" };
  const { default: Database } = await importDriver(() => import("better-sqlite3"), names);
  return {
    open: (path, options) => {
      const db = new Database(path, { timeout: options.timeoutMs });
      // The rebuild, and migrations of the user's own, may change the text of the catalog.
      db.unsafeMode(true);
      return fromBetter(db, options);
    },
  };
}
