/** Facts of a MySQL or MariaDB: reads information_schema, and no row of a table. */
import type { DatabaseFacts, IndexFacts, MeasuredTable } from "../../core/model/database-facts.ts";
import type { Row, Session } from "../adapter.ts";
import { fingerprintOf, numberIn, orUnknown, textIn } from "../facts-of-rows.ts";
import { quote } from "./sql-text.ts";

/**
 * The settings that decide how long slow work takes, who it stops, and which rows a replica gets.
 */
const settings = [
  "binlog_format",
  "foreign_key_checks",
  "innodb_buffer_pool_size",
  "innodb_lock_wait_timeout",
  "innodb_online_alter_log_max_size",
  "lock_wait_timeout",
  "log_bin",
  "max_connections",
  "read_only",
  "sql_mode",
  "time_zone",
  "tx_isolation",
  "transaction_isolation",
];

/** `own`: how the names of the tables of ours begin. */
export async function readMysqlFacts(
  { query }: Pick<Session, "query">,
  own: string,
): Promise<DatabaseFacts> {
  const unknown: string[] = [];
  const ask = (what: string, sql: string) => orUnknown(() => query(sql), { what, unknown });
  const [server] = await query("SELECT VERSION() AS version");
  const version = textIn(server, "version") ?? "";
  const variables = await query(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${settings.map((name) => `'${name}'`).join(", ")})`,
  );
  const isTheirs = (name: string) => !name.startsWith(own) && !name.startsWith("slipway_");
  const tables = (await query(tablesSql)).filter((row) => isTheirs(String(row.name)));
  const columns = (await query(columnsSql)).filter((row) => isTheirs(String(row.name)));
  const keys = (await query(indexesSql)).filter((row) => isTheirs(String(row.table)));
  const foreign = (await query(foreignSql)).filter((row) => isTheirs(String(row.name)));
  const writes = await ask("writes", writesSql);
  const replicas = await ask("replicas", replicasSql);
  const written = new Map(writes.map((row) => [String(row.name), row]));
  const indexes = indexesOf(keys);
  return {
    server: {
      version,
      major: Number.parseInt(version, 10) || 0,
      settings: Object.fromEntries(
        variables.map((row) => [String(row.Variable_name), String(row.Value)]),
      ),
    },
    fingerprint: fingerprintOf(
      [...columns, ...keys, ...foreign].map((row) =>
        JSON.stringify(Object.values(row).map(String)),
      ),
    ),
    bytes: tables.reduce((sum, row) => sum + sizeOf(row), 0),
    tables: tables.map((row) => tableOf(row, written.get(String(row.name)))),
    indexes,
    publications: [],
    subscriptions: [],
    replicas: replicas.map((row) => ({
      name: String(row.name),
      kind: "standby",
      active: true,
    })),
    unknown,
  };
}

const here = `= DATABASE()`;

const tablesSql = `SELECT table_name AS name, CAST(table_rows AS CHAR) AS ${quote("rows")}, CAST(data_length AS CHAR) AS bytes, CAST(index_length AS CHAR) AS index_bytes FROM information_schema.tables WHERE table_schema ${here} AND table_type = 'BASE TABLE' ORDER BY table_name`;

const columnsSql = `SELECT table_name AS name, column_name AS ${quote("column")}, column_type AS type, is_nullable AS nullable, column_default AS value, extra AS extra, collation_name AS collation FROM information_schema.columns WHERE table_schema ${here}`;

const indexesSql = `SELECT table_name AS ${quote("table")}, index_name AS name, non_unique AS repeats, seq_in_index AS place, column_name AS ${quote("column")}, collation AS direction, sub_part AS part FROM information_schema.statistics WHERE table_schema ${here} ORDER BY table_name, index_name, seq_in_index`;

const foreignSql = `SELECT table_name AS name, constraint_name AS ${quote("constraint")}, column_name AS ${quote("column")}, referenced_table_name AS other, referenced_column_name AS target FROM information_schema.key_column_usage WHERE table_schema ${here} AND referenced_table_name IS NOT NULL`;

const writesSql = `SELECT object_name AS name, CAST(count_insert AS CHAR) AS inserts, CAST(count_update AS CHAR) AS updates, CAST(count_delete AS CHAR) AS deletes FROM performance_schema.table_io_waits_summary_by_table WHERE object_schema ${here}`;

const replicasSql = `SELECT user AS name FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'`;

function sizeOf(row: Row): number {
  return (numberIn(row, "bytes") ?? 0) + (numberIn(row, "index_bytes") ?? 0);
}

function tableOf(row: Row, written: Row | undefined): MeasuredTable {
  const inserts = numberIn(written, "inserts");
  const updates = numberIn(written, "updates");
  const deletes = numberIn(written, "deletes");
  const isCounted = inserts !== undefined && updates !== undefined && deletes !== undefined;
  return {
    name: String(row.name),
    kind: "table",
    rows: numberIn(row, "rows"),
    bytes: numberIn(row, "bytes"),
    indexBytes: numberIn(row, "index_bytes"),
    ...(isCounted ? { writes: { inserts, updates, deletes } } : {}),
  };
}

/** One row for each of their columns. */
function indexesOf(rows: readonly Row[]): readonly IndexFacts[] {
  const first = rows.filter((row) => numberIn(row, "place") === 1);
  return first.map((row) => ({
    name: String(row.name),
    table: String(row.table),
    unique: numberIn(row, "repeats") === 0,
    valid: true,
  }));
}
