/** Limits the batches of a backfill by settings of the connection: a transaction has none. */

import { plain } from "../../core/model/statement.ts";
import type { BatchLimits, BatchSettings, Row } from "../adapter.ts";
import { literal } from "./literal.ts";
import type { MysqlServer } from "./server.ts";
import { backfillMode, sessionSettings } from "./session-settings.ts";

/**
 * READ COMMITTED locks the rows of a batch and not the gaps between them, where the application inserts; only a log of
 * statements does without it. https://dev.mysql.com/doc/refman/8.4/en/innodb-transaction-isolation-levels.html
 */
export async function batchSettings(
  query: (sql: string) => Promise<readonly Row[]>,
  server: MysqlServer,
  limits: BatchLimits,
): Promise<BatchSettings> {
  const { flavor } = server;
  const settings = { ...locks(limits), ...times[flavor](limits) };
  const list = (values: Readonly<Record<string, string | number>>) =>
    plain(
      `SET SESSION ${Object.entries(values)
        .map(([name, value]) => `${name} = ${value}`)
        .join(", ")}`,
    );
  const keeps = await logsStatements(query);
  const isolation = keeps ? [] : [plain("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")];
  const defaults = Object.keys({ ...settings, ...tables, [isolationName[flavor]]: "" });
  return {
    before: [
      list({ ...settings, ...tables, sql_mode: literal(backfillMode(server)) }),
      plain(sessionSettings(server)),
      ...isolation,
    ],
    after: [
      list({
        ...Object.fromEntries(defaults.map((name) => [name, "DEFAULT"])),
        sql_mode: literal(server.sqlMode ?? ""),
      }),
    ],
  };
}

/** A snapshot of keys must outlive the server. */
const tables = { default_storage_engine: "InnoDB" } as const;

/** In whole seconds, at least one: for rows, and for a table that is being altered. */
function locks({ lockTimeoutMs }: BatchLimits) {
  const seconds = Math.ceil(lockTimeoutMs / 1000);
  return { innodb_lock_wait_timeout: seconds, lock_wait_timeout: seconds };
}

/**
 * MySQL ends no statement that takes too long but a SELECT, and no transaction that is silent: the connection is ended
 * instead. https://mariadb.com/kb/en/aborting-statements/,
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time
 */
const times: {
  readonly [Flavor in MysqlServer["flavor"]]: (
    limits: BatchLimits,
  ) => Readonly<Record<string, number>>;
} = {
  mariadb: ({ timeoutMs, silenceMs }) => ({
    max_statement_time: timeoutMs / 1000,
    idle_transaction_timeout: Math.ceil(silenceMs / 1000),
  }),
  mysql: ({ timeoutMs, silenceMs }) => ({
    max_execution_time: timeoutMs,
    wait_timeout: Math.ceil(silenceMs / 1000),
  }),
};

const isolationName = { mariadb: "tx_isolation", mysql: "transaction_isolation" } as const;

/** Such a log takes no change of a transaction that is READ COMMITTED. https://mariadb.com/kb/en/binary-log-formats/ */
async function logsStatements(query: (sql: string) => Promise<readonly Row[]>): Promise<boolean> {
  const rows = await query("SHOW VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format')");
  const values = rows.map((row) => String(row.Value).toUpperCase());
  return values.includes("ON") && values.includes("STATEMENT");
}
