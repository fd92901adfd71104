/**
 * Sets up every session of ours the same, whatever the server, its configuration and `init_connect`
 * say.
 */
import type { MysqlServer } from "./server.ts";

/**
 * Settings that decide how a value is read or written, and whether all rows are. A migration may set them otherwise for
 * itself. https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
 */
const settings = {
  // A TIMESTAMP is text of the session's zone, and with summer time two moments a year have the same text.
  time_zone: "'+00:00'",
  // Each would leave out rows, or refuse a statement over all of them.
  sql_select_limit: "18446744073709551615",
  sql_safe_updates: "0",
  sql_big_selects: "1",
  sql_auto_is_null: "0",
  max_sort_length: "8388608",
  group_concat_max_len: "1073741824",
  lc_time_names: "'en_US'",
  // Without it each reading would be of the past, and a COMMIT could end the connection.
  autocommit: "1",
  completion_type: "'NO_CHAIN'",
} as const;

/**
 * The settings that have another name on each of the two, or that only one has: tables of MariaDB may show past rows.
 */
const ofFlavor = {
  mysql: { transaction_read_only: "0" },
  mariadb: { tx_read_only: "0", system_versioning_asof: "DEFAULT" },
} as const;

/** The one statement that sets them. The server may give each connection another character set. */
export function sessionSettings({ flavor }: MysqlServer): string {
  const all = { ...settings, ...ofFlavor[flavor] };
  const list = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  return `SET NAMES utf8mb4, ${list.join(", ")}`;
}

/** Parts of `sql_mode` that pad keys, or take an empty one for NULL. */
const changesValues: ReadonlySet<string> = new Set([
  "PAD_CHAR_TO_FULL_LENGTH",
  "EMPTY_STRING_IS_NULL",
]);

/**
 * The `sql_mode` of a backfill: what SQL means stays as it is on this server, but no value is cut or made another to fit
 * its column. https://mariadb.com/kb/en/sql-mode/
 */
export function backfillMode({ sqlMode = "" }: MysqlServer): string {
  const kept = sqlMode.split(",").filter((part) => part !== "" && !changesValues.has(part));
  return [...new Set([...kept, "STRICT_TRANS_TABLES"])].join(",");
}
