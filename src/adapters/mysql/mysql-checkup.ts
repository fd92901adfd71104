/**
 * Finds the traits of a MySQL or MariaDB, and of the way to it, that will keep a migration from
 * working, or hurt while it does. Reads variables and information_schema, no row of a table, and
 * writes nothing.
 */
import { describeMs } from "../../core/model/blocker.ts";
import type { Diagnosis } from "../../core/model/diagnosis.ts";
import type { Row } from "../adapter.ts";
import { numberIn, textIn } from "../facts-of-rows.ts";
import { clock, type Looking } from "../looks.ts";

type Query = (sql: string) => Promise<readonly Row[]>;
type Seen = Omit<Diagnosis, "check">;

/** The connection that holds the lock says something every 20 seconds at the latest. */
const silenceSeconds = 60;

export function mysqlLooks(query: Query): readonly Looking[] {
  const variables = async (...names: readonly string[]) => {
    const list = names.map((name) => `'${name}'`).join(", ");
    const rows = await query(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${list})`);
    return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
  };
  const status = async (name: string) =>
    textIn((await query(`SHOW STATUS LIKE '${name}'`))[0], "Value") ?? "";
  return [
    { check: "server", at: async () => server((await query("SELECT VERSION() AS version"))[0]) },
    {
      check: "encryption",
      at: async () => encryption(await status("Ssl_cipher"), (await query(meSql))[0]),
    },
    {
      check: "primary",
      at: async () => primary(await variables("read_only", "super_read_only")),
    },
    {
      check: "cluster",
      at: async () =>
        cluster(
          await variables("wsrep_on", "wsrep_desync", "wsrep_osu_method"),
          await statuses(query),
        ),
    },
    {
      check: "settings",
      at: async () =>
        settings(await variables("wait_timeout", "max_statement_time", "sql_require_primary_key")),
    },
    {
      check: "clock",
      at: () => clock(async () => numberIn((await query(clockSql))[0], "ms")),
    },
    {
      check: "connections",
      at: async () =>
        connections(await variables("max_connections"), await status("Threads_connected")),
    },
    { check: "transactions", at: async () => transactions(await query(transactionsSql)) },
  ];
}

/** Said here, once for whoever asks, and in no run. */
const neverRun =
  "which our tests never ran: they run MariaDB 10.11, and docs/neighbours.md has the differences";

const meSql = "SELECT SUBSTRING_INDEX(USER(), '@', -1) AS host";

function server(row: Row | undefined): Seen {
  const version = textIn(row, "version") ?? "";
  const isMaria = /mariadb/i.test(version);
  const found = `${isMaria ? "MariaDB" : "MySQL"} ${version}`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = isMaria ? major < 10 || (major === 10 && minor < 6) : major < 8;
  if (!isOld) return { state: "good", found: isMaria ? found : `${found}, ${neverRun}` };
  return {
    state: "warning",
    found,
    advice: "Slipway is tested with MariaDB 10.11: try your migrations out on a copy first.",
  };
}

function encryption(cipher: string, row: Row | undefined): Seen {
  if (cipher !== "") return { state: "good", found: `TLS, ${cipher}` };
  const host = textIn(row, "host") ?? "";
  if (["localhost", "127.0.0.1", "::1"].includes(host))
    return { state: "good", found: "not encrypted, on this machine" };
  return {
    state: "warning",
    found: `not encrypted, from ${host}`,
    advice:
      "Give the adapter TLS: ssl in its options, or ?ssl= in the URL, as docs/drivers.md has it.",
  };
}

function primary(values: ReadonlyMap<string, string>): Seen {
  const on = [...values].filter(([, value]) => /^(?:ON|1)$/i.test(value)).map(([name]) => name);
  if (on.length === 0) return { state: "good", found: "takes writes" };
  return {
    state: "bad",
    found: `this server takes no writes: ${on.join(" and ")} is on`,
    advice: "Give the address of the primary.",
  };
}

async function statuses(query: Query): Promise<ReadonlyMap<string, string>> {
  const rows = await query(
    "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment')",
  );
  return new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]));
}

/** https://mariadb.com/docs/galera-cluster/reference/galera-cluster-status-variables */
function cluster(
  values: ReadonlyMap<string, string>,
  statuses: ReadonlyMap<string, string>,
): Seen | undefined {
  if (values.get("wsrep_on") !== "ON") return undefined;
  const size = Number(statuses.get("wsrep_cluster_size") ?? 0);
  const state = statuses.get("wsrep_local_state_comment") ?? "unknown";
  const found = `a Galera cluster of ${size} ${size === 1 ? "node" : "nodes"}; this one is ${state}`;
  if (statuses.get("wsrep_cluster_status") !== "Primary")
    return {
      state: "bad",
      found: `${found}, and cut off from most of the others`,
      advice: "Give the address of a node that is in the primary component.",
    };
  if (values.get("wsrep_osu_method") !== "TOI")
    return {
      state: "bad",
      found: `${found}, and wsrep_OSU_method is ${values.get("wsrep_osu_method")}`,
      advice:
        "SET GLOBAL wsrep_OSU_method = 'TOI'; or a change of a table reaches this node alone.",
    };
  if (values.get("wsrep_desync") === "ON")
    return {
      state: "warning",
      found: `${found}, and wsrep_desync is on: it may fall behind the others`,
      advice: "Give the address of another node, or SET GLOBAL wsrep_desync = OFF;",
    };
  return { state: "good", found };
}

function settings(values: ReadonlyMap<string, string>): Seen {
  const seconds = (name: string) => Number(values.get(name) ?? 0);
  const hurting = [
    ...(seconds("wait_timeout") > 0 && seconds("wait_timeout") < silenceSeconds
      ? [`wait_timeout is ${seconds("wait_timeout")} s`]
      : []),
    ...(seconds("max_statement_time") > 0
      ? [`max_statement_time is ${seconds("max_statement_time")} s`]
      : []),
    ...(/^(?:ON|1)$/.test(values.get("sql_require_primary_key") ?? "")
      ? ["sql_require_primary_key is on"]
      : []),
  ];
  if (hurting.length === 0) return { state: "good", found: "none that hurts" };
  const [name] = (hurting[0] ?? "").split(" ");
  return {
    state: "warning",
    found: hurting.join("; "),
    advice: `Set ${name} to what a long migration needs, for the user that migrates or for all.`,
  };
}

const clockSql = "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS CHAR) AS ms";

function connections(values: ReadonlyMap<string, string>, used: string): Seen {
  const free = Math.max(0, Number(values.get("max_connections") ?? 0) - Number(used));
  const found = `${free} free of those that the server allows`;
  if (free + 1 >= 10) return { state: "good", found };
  return {
    state: free === 0 ? "bad" : "warning",
    found,
    advice: "Slipway needs 2 at once: let some of the app's go, or raise max_connections.",
  };
}

/** PROCESS is needed to see those of others. */
const transactionsSql =
  "SELECT trx_mysql_thread_id AS pid, TIMESTAMPDIFF(SECOND, trx_started, NOW()) AS seconds FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID() AND trx_started < NOW() - INTERVAL 1 MINUTE ORDER BY trx_started";

function transactions(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "none open for over a minute" };
  const shown = rows
    .slice(0, 5)
    .map((row) => `pid ${row.pid}, open for ${describeMs(Number(row.seconds) * 1_000)}`);
  return {
    state: "warning",
    found: `a migration waits for tables that these have used: ${shown.join("; ")}`,
    advice: `Let it end, or end it: KILL ${rows[0]?.pid};`,
  };
}
