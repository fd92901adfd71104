/** Facts of a PostgreSQL: reads its catalog and its statistics, and no row of a table. */
import type {
  DatabaseFacts,
  FunctionFacts,
  IndexFacts,
  KnownPublications,
  MeasuredTable,
  PublicationFacts,
  ReplicaFacts,
  SubscriptionFacts,
} from "../../core/model/database-facts.ts";
import type { Row, Session } from "../adapter.ts";
import { fingerprintOf, numberIn, orUnknown, textIn } from "../facts-of-rows.ts";
import {
  anyReplication,
  functionFacts,
  indexFacts,
  mayReadPglogical,
  pglogicalFacts,
  publicationFacts,
  replicaFacts,
  serverFacts,
  settingFacts,
  shapeFacts,
  subscriptionFacts,
  tableFacts,
} from "./facts-sql.ts";

/** `own`: how the names of the tables of ours begin. */
export async function readPostgresFacts(
  session: Pick<Session, "query">,
  own: string,
): Promise<DatabaseFacts> {
  const query = (sql: string) => session.query(sql);
  const unknown: string[] = [];
  const [server] = await query(serverFacts);
  const major = numberIn(server, "major") ?? 0;
  const settings = await query(settingFacts);
  const tables = (await query(tableFacts(own))).map(tableOf);
  const indexes = (await query(indexFacts(own))).map(indexOf);
  const ask = (what: string, sql: string) => orUnknown(() => query(sql), { what, unknown });
  const shape = await ask("fingerprint", shapeFacts(own));
  const publications = await ask("publications", publicationFacts(major));
  const sets = await orUnknown(() => replicationSets(query), {
    ...{ what: "replication sets of pglogical", unknown },
  });
  const functions = await ask("functions of extensions", functionFacts);
  const subscriptions = await ask("subscriptions", subscriptionFacts);
  const replicas = await ask("replicas", replicaFacts);
  return {
    server: {
      version: textIn(server, "version") ?? "",
      major,
      settings: Object.fromEntries(settings.map((row) => [String(row.name), String(row.value)])),
    },
    fingerprint: isRead(unknown) ? fingerprintOf(shape.map((row) => String(row.line))) : undefined,
    countedSince: textIn(server, "since"),
    bytes: numberIn(server, "bytes"),
    ...{ tables, indexes },
    publications: [...publicationsOf(publications), ...publicationsOf(sets)],
    subscriptions: subscriptions.map(subscriptionOf),
    replicas: replicas.map(replicaOf),
    functions: functions.map(functionOf),
    unknown,
  };
}

/** Asked of the catalog alone; nothing of tables where nothing is replicated. */
export async function readPublications(
  session: Pick<Session, "query">,
  own: string,
): Promise<KnownPublications> {
  const query = (sql: string) => session.query(sql);
  const [some] = await query(anyReplication);
  if (some === undefined) return { publications: [], tables: [] };
  const major = Math.floor((numberIn(some, "version") ?? 0) / 10_000);
  const native =
    some.published === true ? publicationsOf(await query(publicationFacts(major))) : [];
  const sets = some.nodes === true ? publicationsOf(await replicationSets(query)) : [];
  const publications = [...native, ...sets];
  const subscribed = some.subscribed === true ? await query(subscriptionFacts) : [];
  const subscriptions = subscribed.map(subscriptionOf);
  if (publications.length === 0 && subscriptions.length === 0) return { publications, tables: [] };
  return { publications, subscriptions, tables: (await query(tableFacts(own))).map(tableOf) };
}

async function replicationSets(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const [some] = await query(anyReplication);
  if (some?.nodes !== true) return [];
  const [right] = await query(mayReadPglogical);
  return right?.may === true ? query(pglogicalFacts) : [];
}

function isRead(unknown: readonly string[]): boolean {
  return !unknown.some((one) => one.startsWith("fingerprint: "));
}

const kinds: { readonly [letter: string]: MeasuredTable["kind"] } = {
  r: "table",
  p: "partitioned",
  m: "materialized view",
};

const identities: { readonly [letter: string]: MeasuredTable["replicaIdentity"] } = {
  d: "default",
  n: "nothing",
  f: "full",
  i: "index",
};

function tableOf(row: Row): MeasuredTable {
  const inserts = numberIn(row, "inserts");
  const updates = numberIn(row, "updates");
  const deletes = numberIn(row, "deletes");
  const isCounted = inserts !== undefined && updates !== undefined && deletes !== undefined;
  return {
    name: String(row.name),
    kind: kinds[String(row.kind)] ?? "table",
    partitionOf: textIn(row, "parent"),
    rows: numberIn(row, "rows"),
    bytes: numberIn(row, "bytes"),
    indexBytes: numberIn(row, "index_bytes"),
    ...(isCounted ? { writes: { inserts, updates, deletes } } : {}),
    replicaIdentity: identities[String(row.identity)],
  };
}

function indexOf(row: Row): IndexFacts {
  return {
    name: String(row.name),
    table: String(row.table),
    unique: row.unique === true,
    valid: row.valid === true,
    bytes: numberIn(row, "bytes"),
    scans: numberIn(row, "scans"),
  };
}

/** One row for each of their tables; one without a table for a publication that has none. */
function publicationsOf(rows: readonly Row[]): readonly PublicationFacts[] {
  return [...Map.groupBy(rows, (row) => String(row.name))].map(([name, own]) => ({
    name,
    allTables: own[0]?.all_tables === true,
    publishes: ["insert", "update", "delete", "truncate"].filter((word) => own[0]?.[word] === true),
    tables: own.flatMap((row) => {
      const table = textIn(row, "table");
      const columns = textIn(row, "columns");
      const listed = columns === undefined ? undefined : (JSON.parse(columns) as string[]);
      return table === undefined ? [] : [{ table, columns: listed, where: textIn(row, "where") }];
    }),
  }));
}

function subscriptionOf(row: Row): SubscriptionFacts {
  return {
    name: String(row.name),
    publications: JSON.parse(textIn(row, "publications") ?? "[]"),
    tables: JSON.parse(textIn(row, "tables") ?? "[]"),
  };
}

function functionOf(row: Row): FunctionFacts {
  return {
    name: String(row.name),
    volatility: String(row.volatility) as FunctionFacts["volatility"],
  };
}

function replicaOf(row: Row): ReplicaFacts {
  return {
    name: String(row.name),
    kind: String(row.kind) as ReplicaFacts["kind"],
    plugin: textIn(row, "plugin"),
    active: row.active === true,
  };
}
