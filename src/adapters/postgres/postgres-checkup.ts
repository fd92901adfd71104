/**
 * Finds the traits of a PostgreSQL, and of the role and the way to it, that will keep a migration
 * from working, or hurt while it does. Reads catalogs and statistics, no row of a table, and writes
 * nothing.
 */

import { describeMs } from "../../core/model/blocker.ts";
import { type Diagnosis, shownSome } from "../../core/model/diagnosis.ts";
import type { Row, Session } from "../adapter.ts";
import { numberIn, textIn } from "../facts-of-rows.ts";
import { clock, type Looking, lookedAt } from "../looks.ts";
import { readsElsewhere } from "./balanced.ts";
import {
  clockSql,
  connectionsSql,
  encryptionSql,
  extensionsSql,
  indexesSql,
  ownersSql,
  preparedSql,
  primarySql,
  replicasSql,
  serverSql,
  settingsSql,
  vacuumSql,
} from "./checkup-sql.ts";

type Query = (sql: string) => Promise<readonly Row[]>;
type Seen = Omit<Diagnosis, "check">;

/** Slipway is tested with these and those between them. */
const oldest = 13;
const newest = 18;

/** Slipway needs two connections: one works, and one holds the lock. */
const needed = 2;

/** All findings about the server of a session. */
export function checkedUp(
  session: Pick<Session, "query" | "errorKind">,
): Promise<readonly Diagnosis[]> {
  return lookedAt(
    postgresLooks((sql) => session.query(sql)),
    session,
  );
}

export function postgresLooks(query: Query): readonly Looking[] {
  const one = async (sql: string) => (await query(sql))[0];
  return [
    { check: "server", at: async () => server(await one(serverSql)) },
    { check: "encryption", at: async () => encryption(await one(encryptionSql)) },
    { check: "primary", at: async () => primary(await one(primarySql), query) },
    { check: "owners", at: async () => owners(await query(ownersSql)) },
    { check: "settings", at: async () => settings(await query(settingsSql)) },
    { check: "clock", at: () => clock(async () => numberIn(await one(clockSql), "ms")) },
    { check: "connections", at: async () => connections(await one(connectionsSql)) },
    { check: "replicas", at: async () => replicas(await query(replicasSql)) },
    { check: "extensions", at: async () => extensions(await query(extensionsSql)) },
    { check: "indexes", at: async () => indexes(await query(indexesSql)) },
    { check: "transactions", at: async () => prepared(await query(preparedSql)) },
    { check: "vacuum", at: async () => vacuum(await query(vacuumSql)) },
  ];
}

/** Those of a server inside this process: nobody else is on the way to it, and it is this machine's. */
export function insideLooks(query: Query): readonly Looking[] {
  const there = new Set<Looking["check"]>([
    "server",
    "owners",
    "settings",
    "extensions",
    "indexes",
  ]);
  return postgresLooks(query).filter(({ check }) => there.has(check));
}

function server(row: Row | undefined): Seen {
  const major = numberIn(row, "major") ?? 0;
  const found = `PostgreSQL ${textIn(row, "version") ?? ""}`;
  if (major >= oldest && major <= newest) return { state: "good", found };
  return {
    state: "warning",
    found,
    advice: `Slipway is tested with ${oldest} to ${newest}: try your migrations out on a copy of this server first.`,
  };
}

/** On the way from a pooler to the server, where one stands between. */
function encryption(row: Row | undefined): Seen | undefined {
  if (row === undefined) return undefined;
  if (row.ssl === true) return { state: "good", found: textIn(row, "version") ?? "TLS" };
  if (row.local === true) return { state: "good", found: "not encrypted, on this machine" };
  return {
    state: "warning",
    found: `not encrypted, to ${textIn(row, "address") ?? "another machine"}`,
    advice:
      "Add sslmode=verify-full to the URL, or sslmode=require where there is no certificate to check.",
  };
}

async function primary(row: Row | undefined, query: Query): Promise<Seen> {
  if (row?.standby === true)
    return {
      state: "bad",
      found: "this is a standby, which takes no writes",
      advice:
        "Give the address of the primary, or several addresses with target_session_attrs=read-write.",
    };
  if (row?.read_only === true)
    return {
      state: "bad",
      found: `the primary, but ${textIn(row, "who")} may only read here: default_transaction_read_only is on`,
      advice: `ALTER ROLE ${textIn(row, "who")} SET default_transaction_read_only = off;`,
    };
  if (await readsElsewhere(query))
    return {
      state: "bad",
      found: "the primary, behind a load balancer that sends reads to a standby",
      advice: "Give the adapter directUrl: the address of the primary.",
    };
  return { state: "good", found: "the primary, which takes writes" };
}

function owners(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "every table is this role's to alter" };
  const tables = rows.map((row) => String(row.name));
  const [first] = rows;
  const roles = [...new Set(rows.map((row) => String(row.owner)))];
  return {
    state: "warning",
    found: `${rows.length} ${rows.length === 1 ? "table belongs" : "tables belong"} to ${shownSome(roles)}, and this role may not alter them: ${shownSome(tables)}`,
    advice: `GRANT ${roles[0]} TO ${textIn(first, "who")};`,
  };
}

/** Settings that Slipway does not set for itself in each transaction. */
function settings(rows: readonly Row[]): Seen {
  const values = new Map(rows.map((row) => [String(row.name), row]));
  const ms = (name: string) => numberIn(values.get(name), "ms") ?? 0;
  const isShort = (name: string, below: number) => ms(name) > 0 && ms(name) < below;
  const hurting = [
    ...["transaction_timeout", "idle_session_timeout"]
      .filter((name) => isShort(name, 60 * 60_000))
      .map((name) => `${name} is ${describeMs(ms(name))}`),
    ...["serializable", "repeatable read"]
      .filter((level) => values.get("default_transaction_isolation")?.setting === level)
      .map((level) => `default_transaction_isolation is ${level}`),
    ...(values.get("session_replication_role")?.setting === "replica"
      ? ["session_replication_role is replica, so no trigger and no foreign key is checked"]
      : []),
  ];
  if (hurting.length === 0) return { state: "good", found: "none that hurts" };
  const [name] = (hurting[0] ?? "").split(" ");
  return {
    state: "warning",
    found: hurting.join("; "),
    advice: `For the role that migrates: ALTER ROLE ${textIn(rows[0], "who")} RESET ${name}; or SET it to what a long migration needs.`,
  };
}

function connections(row: Row | undefined): Seen {
  const limits = [
    { of: "the server", free: left(row, "server_limit", "server_used") },
    { of: "this database", free: left(row, "database_limit", "database_used") },
    { of: "this role", free: left(row, "role_limit", "role_used") },
  ];
  const [tightest] = limits.toSorted((a, b) => a.free - b.free);
  const { of, free } = tightest ?? { of: "the server", free: 0 };
  // The one that asks is among those in use.
  const found = `${free} free of those that ${of} allows`;
  if (free + 1 >= 10) return { state: "good", found };
  return {
    state: free + 1 < needed ? "bad" : "warning",
    found,
    advice: `Slipway needs ${needed} at once: let some of the app's go, or raise the limit.`,
  };
}

function left(row: Row | undefined, limit: string, used: string): number {
  const most = numberIn(row, limit) ?? -1;
  return most < 0 ? Number.MAX_SAFE_INTEGER : Math.max(0, most - (numberIn(row, used) ?? 0));
}

/** A standby that is far behind, and a slot that keeps WAL that nobody reads. */
function replicas(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "none" };
  const idle = rows.filter((row) => row.active === false);
  const behind = rows.filter((row) => (numberIn(row, "lag_ms") ?? 0) > 10_000);
  const names = shownSome(rows.map((row) => String(row.name)));
  if (idle.length > 0)
    return {
      state: "warning",
      found: `nobody reads the replication slot ${shownSome(idle.map((row) => `${row.name} (keeps ${row.kept})`))}`,
      advice: `Start its reader before a backfill, or drop it: SELECT pg_drop_replication_slot('${idle[0]?.name}');`,
    };
  if (behind.length > 0)
    return {
      state: "warning",
      found: `${shownSome(behind.map((row) => `${row.name} is ${describeMs(numberIn(row, "lag_ms") ?? 0)} behind`))}`,
      advice: "Wait until it has caught up, or give backfills a throttle on replication lag.",
    };
  return { state: "good", found: `${names}, up to date` };
}

function extensions(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "as new as the server has them" };
  return {
    state: "warning",
    found: shownSome(
      rows.map((row) => `${row.name} is ${row.installed}, and the server has ${row.available}`),
    ),
    advice: rows.map((row) => `ALTER EXTENSION ${row.quoted} UPDATE;`).join(" "),
  };
}

function indexes(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "all valid" };
  const names = rows.map((row) => String(row.name));
  return {
    state: "warning",
    found: `${shownSome(names)} ${names.length === 1 ? "is" : "are"} invalid: a build that did not end, or is at work`,
    advice: `If nothing builds now: DROP INDEX CONCURRENTLY ${names[0]}; or REINDEX INDEX CONCURRENTLY ${names[0]};`,
  };
}

/** One that no process holds keeps its locks until somebody ends it. */
function prepared(rows: readonly Row[]): Seen | undefined {
  if (rows.length === 0) return undefined;
  const names = rows.map((row) => `${row.gid} (for ${describeMs(numberIn(row, "age_ms") ?? 0)})`);
  return {
    state: "warning",
    found: `prepared, and never ended: ${shownSome(names)}`,
    advice: `ROLLBACK PREPARED ${rows[0]?.quoted}; or COMMIT PREPARED, as its application says.`,
  };
}

/** A vacuum against wraparound does not give way to a migration. */
function vacuum(rows: readonly Row[]): Seen {
  if (rows.length === 0) return { state: "good", found: "none that stands in the way" };
  const tables = shownSome(rows.map((row) => String(row.name)));
  return {
    state: "warning",
    found: `a vacuum against wraparound is at work on ${tables}, and gives way to nobody`,
    advice:
      "Let it end before a migration changes that table: pg_stat_progress_vacuum says how far it is.",
  };
}
