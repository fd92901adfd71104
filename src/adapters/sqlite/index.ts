/** The adapter of SQLite, on Node's own driver. */
import type { Adapter } from "../adapter.ts";
import { nodeSqlite } from "./node-sqlite.ts";
import type { SqliteOptions } from "./settings.ts";
import { withDriver } from "./with-driver.ts";

export type { SqliteOptions } from "./settings.ts";

/**
 * A SQLite database in a file. It is made by the first write; reading makes nothing.
 * `:memory:` is one database while this value lives, whoever opens it.
 */
export function sqlite(options: SqliteOptions): Adapter {
  return withDriver(nodeSqlite, options);
}
