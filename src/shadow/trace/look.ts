/** The catalog's view of a connection and of the tables, at one moment. */
import type { Row, Session } from "../../adapters/adapter.ts";
import { type LockMode, stronger } from "../../core/safety/effects/lock.ts";
import { lockMode, type TracedLock } from "./traced.ts";

export type Seen = {
  readonly oid: string;
  readonly name: string;
  readonly kind: TracedLock["kind"];
  /** The file that it is stored in: another file means that it was rewritten. */
  readonly file: string | undefined;
  /** Of an index: its table. */
  readonly table: string | undefined;
  /** The tables above it, by oid: of a partition, and of a child. */
  readonly above: readonly string[];
  /** How many rows this transaction has read of it, one after the other. */
  readonly read: number;
  readonly lock: LockMode | undefined;
};

/** By oid, because names change. */
export type CatalogLook = ReadonlyMap<string, Seen>;

/** The name for locks on objects that have left the catalog, and so have no name. */
export const nameless = "?";

/** The objects of `after`; those that are gone keep their names from `before`. */
export function withNames(after: CatalogLook, before: CatalogLook): readonly Seen[] {
  return [...after.values()].flatMap((one) => {
    if (one.name !== nameless) return [one];
    const old = before.get(one.oid);
    return old === undefined ? [] : [{ ...old, lock: one.lock }];
  });
}

/** Looks from inside the session; to see its locks, it must be in a transaction. */
export async function look(session: Session): Promise<CatalogLook> {
  return lookFrom(await session.query(lookSql("pg_backend_pid()")));
}

/** Looks at another connection from outside. */
export async function lookAt(observer: Session, pid: string): Promise<CatalogLook> {
  return lookFrom(await observer.query(lookSql(pid)));
}

function lookFrom(rows: readonly Row[]): CatalogLook {
  return new Map(rows.map((row) => [String(row.oid), seen(row)]));
}

function seen(row: Row): Seen {
  const modes = String(row.modes ?? "")
    .split(",")
    .flatMap((mode) => lockMode(mode) ?? []);
  const [first, ...rest] = modes;
  return {
    oid: String(row.oid),
    name: String(row.name),
    kind: row.kind as Seen["kind"],
    file: row.file === null ? undefined : String(row.file),
    above: String(row.above ?? "")
      .split(",")
      .filter(Boolean),
    table: row.table === null ? undefined : String(row.table),
    read: Number(row.read),
    lock: first === undefined ? undefined : rest.reduce(stronger, first),
  };
}

/** The catalogs themselves are locked by every statement, and are left out; so are tables of Slipway's own. */
function lookSql(pid: string): string {
  return `SELECT c.oid::text AS oid, n.nspname || '.' || c.relname AS name,
  CASE WHEN relkind IN ('i', 'I') THEN 'index' WHEN relkind = 'S' THEN 'sequence' WHEN relkind = 'v' THEN 'view' ELSE 'table' END AS kind,
  pg_relation_filenode(c.oid)::text AS file,
  (SELECT indrelid::text FROM pg_index WHERE indexrelid = c.oid) AS "table",
  (SELECT string_agg(inhparent::text, ',') FROM pg_inherits WHERE inhrelid = c.oid) AS above,
  pg_stat_get_xact_tuples_returned(c.oid)::text AS read,
  (SELECT string_agg(DISTINCT mode, ',') FROM pg_locks WHERE pid = ${pid} AND locktype = 'relation' AND relation = c.oid) AS modes
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND relname !~ '^slipway_' AND relkind IN ('r', 'p', 'm', 'f', 'v', 'i', 'I', 'S')
UNION ALL
SELECT relation::text, '${nameless}', 'table', NULL, NULL, NULL, '0', string_agg(DISTINCT mode, ',')
FROM pg_locks WHERE pid = ${pid} AND locktype = 'relation' AND relation NOT IN (SELECT oid FROM pg_class) GROUP BY relation`;
}
