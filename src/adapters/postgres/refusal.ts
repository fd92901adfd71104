/** Explains why this user cannot use Slipway's own tables, with the statement that lets it in. */
import { messageOf } from "../../core/model/message-of.ts";
import type { Named } from "../../core/model/named.ts";
import type { Refusal, Row } from "../adapter.ts";
import { balancedRefusal } from "./balanced.ts";
import { stringLiteral } from "./literal.ts";
import { lockRefusal } from "./lock-unfit.ts";
import { codeOf } from "./messages.ts";
import { catalogOnly, operator } from "./own-names.ts";

const is = operator("=");

type Query = (sql: string) => Promise<readonly Row[]>;

/**
 * The right that the user lacks before anything is tried: to make a missing table, or to write an
 * existing one.
 */
export async function lacking(
  query: Query,
  tables: readonly Named[],
): Promise<Refusal | undefined> {
  const [seen] = await query(unhurried + rightsQuery(tables));
  const hint = seen && grantFor(seen);
  return hint === undefined ? undefined : { reason: reasonFor(seen ?? {}), hint };
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export async function refusal(
  query: Query,
  error: unknown,
  tables: readonly Named[],
): Promise<Refusal> {
  const reason = messageOf(error);
  const code = codeOf(error) ?? "";
  if (/statement pooling/.test(reason)) return { reason, hint: statementPooling };
  if (/query_wait_timeout|no more connections allowed/.test(reason))
    return { reason, hint: twoConnections };
  const unfit = balancedRefusal(error) ?? (await lockRefusal(query, error));
  if (unfit !== undefined) return unfit;
  const hint = await query("ROLLBACK")
    .then(() => hintFor(query, { code, reason, tables }))
    .catch(() => undefined);
  return { reason, hint: hint ?? anything };
}

const statementPooling =
  "A pooler in statement mode allows no transactions: set its pool_mode to transaction or session, or give the adapter directUrl, the address of the server.";
const twoConnections =
  "Slipway needs two connections at once: raise pool_size of the pooler to 2 or more, or give the adapter directUrl, the address of the server.";
const anything =
  "Look at what the server says. slipway tables --sql prints each table of Slipway's own, and the rights that it needs.";

type Failure = {
  readonly code: string;
  readonly reason: string;
  readonly tables: readonly Named[];
};

async function hintFor(query: Query, failure: Failure): Promise<string | undefined> {
  const { code, tables } = failure;
  if (code === "25006") return readOnlyHint(await oneRow(query, catalogOnly + readOnlyQuery));
  if (code === "57014") return timeoutHint(await oneRow(query, catalogOnly + timeoutQuery));
  if (code === "42501" || code === "3F000")
    return grantFor(await oneRow(query, rightsQuery(tables))) ?? ownerHint;
  if (code === "53100") return "The disk of the server is full: make room on it.";
  if (code.startsWith("53")) return "The server is out of memory, disk or connections: make room.";
  if (code === "55P03")
    return "Another session holds the table: wait for it, or look for it in pg_locks.";
  const { names } = await oneRow(query, catalogOnly + triggersQuery);
  if (typeof names !== "string") return undefined;
  return `Let a DBA run what slipway tables --sql prints, with this event trigger off: ${names}`;
}

async function oneRow(query: Query, sql: string): Promise<Row> {
  return (await query(unhurried + sql))[0] ?? {};
}

/** A query that looks for a statement_timeout that is too short must not end by it. */
const unhurried = "SELECT pg_catalog.set_config('statement_timeout', '0', true);\n";

const ownerHint =
  "Let the owner of the tables run this once, or make this user the owner: ALTER TABLE … OWNER TO …;";

/** The one table decides which schema is meant; without a prefix it is the first one of the search_path. */
function rightsQuery(tables: readonly Named[]): string {
  const prefix = tables[0]?.prefix;
  const names = tables.map(({ name }) => stringLiteral(name)).join(", ");
  const schema = prefix === undefined ? "pg_catalog.current_schema()" : stringLiteral(prefix);
  const isThere =
    prefix === undefined ? "pg_catalog.pg_table_is_visible(c.oid)" : `c.relnamespace ${is} n.oid`;
  const may = (right: string) => `pg_catalog.has_table_privilege(c.oid, '${right}')`;
  const maySchema = (right: string) => `pg_catalog.has_schema_privilege(n.oid, '${right}')`;
  return `SELECT pg_catalog.quote_ident(current_user) AS who, pg_catalog.quote_ident(n.nspname) AS schema,
  ${maySchema("USAGE")} AS uses, ${maySchema("CREATE")} AS makes,
  (SELECT pg_catalog.string_agg(t.name, ', ' ORDER BY t.at) FROM pg_catalog.unnest(ARRAY[${names}]) WITH ORDINALITY AS t(name, at)
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relname ${is} t.name AND ${isThere})) AS missing,
  (SELECT pg_catalog.string_agg(c.oid::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY pg_catalog.array_position(ARRAY[${names}], c.relname::pg_catalog.text)) FROM pg_catalog.pg_class c
    WHERE c.relname ${is} ANY (ARRAY[${names}]) AND ${isThere} AND NOT (${["SELECT", "INSERT", "UPDATE", "DELETE"].map(may).join(" AND ")})) AS denied
FROM (SELECT ${schema} AS name) s LEFT JOIN pg_catalog.pg_namespace n ON n.nspname ${is} s.name`;
}

/** The grant that is missing; `undefined` when none is. */
function grantFor({ who, schema, uses, makes, missing, denied }: Row): string | undefined {
  if (schema === null)
    return `Make the schema, or let ${who} find one: GRANT USAGE, CREATE ON SCHEMA public TO ${who}; ALTER ROLE ${who} SET search_path = public;`;
  if (uses === false) return `GRANT USAGE ON SCHEMA ${schema} TO ${who};`;
  if (missing !== null && makes === false)
    return `Let a DBA run what slipway tables --sql prints, which makes ${missing}. Or: GRANT CREATE ON SCHEMA ${schema} TO ${who};`;
  if (denied !== null)
    return `GRANT SELECT, INSERT, UPDATE, DELETE ON ${denied} TO ${who}; (SELECT alone, if it only looks)`;
  return undefined;
}

function reasonFor({ who, schema, missing, denied, uses }: Row): string {
  if (schema === null) return `no schema of the search_path of ${who} is there and may be used`;
  if (uses === false) return `${who} may not use the schema ${schema}`;
  if (denied !== null && missing === null) return `${who} may not read and write ${denied}`;
  return `${missing} ${String(missing).includes(",") ? "are" : "is"} missing, and ${who} may not make tables in the schema ${schema}`;
}

const readOnlyQuery =
  "SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.quote_ident(current_user) AS who, pg_catalog.quote_ident(pg_catalog.current_database()) AS db, source FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'";

function readOnlyHint({ standby, who, db, source }: Row): string {
  if (standby === true)
    return "This server is a standby, which only reads: give the address of the primary.";
  const name = "default_transaction_read_only";
  return resetHint({ source, who, db, name, to: "off" });
}

/** The look itself sets the timeout, so where it came from is asked of the catalog. */
const timeoutQuery = `SELECT pg_catalog.quote_ident(current_user) AS who, pg_catalog.quote_ident(pg_catalog.current_database()) AS db, reset_val AS setting,
  (SELECT CASE WHEN s.setrole = 0 THEN 'database' WHEN s.setdatabase <> 0 THEN 'database user' END
    FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON s.setdatabase IN (0, d.oid)
    LEFT JOIN pg_catalog.pg_roles r ON r.rolname = session_user
    WHERE d.datname = pg_catalog.current_database() AND s.setrole IN (0, r.oid)
      AND pg_catalog.array_to_string(s.setconfig, ',') LIKE '%statement_timeout=%'
    ORDER BY s.setrole = 0, s.setdatabase = 0 LIMIT 1) AS source
FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'`;

function timeoutHint({ who, db, source, setting }: Row): string | undefined {
  if (setting === "0") return undefined;
  const name = "statement_timeout";
  return `The ${name} of ${setting} ms is too short. ${resetHint({ source, who, db, name, to: "0" })}`;
}

/** By where the setting comes from. https://www.postgresql.org/docs/current/view-pg-settings.html */
function resetHint({ source, who, db, name, to }: Row): string {
  if (source === "database") return `ALTER DATABASE ${db} SET ${name} = ${to};`;
  if (source === "database user") return `ALTER ROLE ${who} IN DATABASE ${db} SET ${name} = ${to};`;
  if (source === "client") return `Take ${name} out of the options of the URL.`;
  return `ALTER ROLE ${who} SET ${name} = ${to};`;
}

const triggersQuery =
  "SELECT pg_catalog.string_agg(pg_catalog.quote_ident(evtname), ', ' ORDER BY evtname) AS names FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' AND evtevent LIKE 'ddl_command%'";
