/** The adapter of SQLite, on Node's own driver. */
import type { Adapter } from "../adapter.ts";
import { checkOptions } from "../check-options.ts";
import { nodeSqlite } from "./node-sqlite.ts";
import { type SqliteOptions, sqliteKinds } from "./settings.ts";
import { withDriver } from "./with-driver.ts";

export type { SqliteOptions } from "./settings.ts";

/**
 * A SQLite database in a file. It is made by the first write; reading makes nothing.
 * `:memory:` is one database while this value lives, whoever opens it.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function sqlite(options: SqliteOptions): Adapter {
  return withDriver(nodeSqlite, checkOptions("sqlite()", options, sqliteKinds));
}
