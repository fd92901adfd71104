/** What the catalog says about a table: columns, unique keys, how many rows there may be. Reads only. */
import type { Row, Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/dialect.ts";
import type { Named } from "../core/schema/operation.ts";

export type ColumnFacts = {
  readonly name: string;
  /** As the database names it: `bigint`, `varchar(20)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** Whether a new row gets a value of its own accord. */
  readonly hasDefault: boolean;
};

export type TableFacts = {
  readonly columns: readonly ColumnFacts[];
  /** The columns of each unique index, in its order; partial ones are left out. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether something of the database's may fill in what a new row lacks. */
  readonly hasTriggers: boolean;
  /** As the statistics have it; `undefined` when there are none. */
  readonly estimate: number | undefined;
};

/** `undefined` when there is no such table. */
export async function readTableFacts(
  session: Session,
  table: Named,
): Promise<TableFacts | undefined> {
  const { dialect } = session;
  const sql = queries[dialect.name](dialect, table);
  const columns = await session.query(sql.columns);
  if (columns.length === 0) return undefined;
  const unique = await session.query(sql.unique);
  const [about] = await session.query(sql.about);
  const estimate = Number(about?.estimate ?? -1);
  return {
    columns: columns.map(columnFacts),
    uniqueKeys: [...Map.groupBy(unique, (row) => String(row.index_name)).values()].map((rows) =>
      rows.map((row) => String(row.name)),
    ),
    hasTriggers: Number(about?.triggers ?? 0) > 0,
    estimate: estimate < 0 ? undefined : estimate,
  };
}

function columnFacts(row: Row): ColumnFacts {
  return {
    name: String(row.name),
    type: String(row.type),
    notNull: Number(row.not_null) === 1,
    hasDefault: Number(row.has_default) === 1,
  };
}

type Queries = { readonly columns: string; readonly unique: string; readonly about: string };

const queries: { readonly [Name in Dialect["name"]]: (dialect: Dialect, table: Named) => Queries } =
  {
    postgres: (dialect, table) => {
      const relation = `to_regclass(${dialect.literal(dialect.quoteNamed(table))})`;
      return {
        columns: `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::int AS not_null, (a.atthasdef OR a.attidentity <> '')::int AS has_default FROM pg_attribute a WHERE a.attrelid = ${relation} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
        unique: `SELECT i.indexrelid::text AS index_name, a.attname AS name FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = ${relation} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts ORDER BY i.indexrelid, k.place`,
        about: `SELECT c.reltuples::bigint::text AS estimate, (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)::text AS triggers FROM pg_class c WHERE c.oid = ${relation}`,
      };
    },
    mysql: (dialect, table) => {
      const schema = table.prefix === undefined ? "DATABASE()" : dialect.literal(table.prefix);
      const here = `table_schema = ${schema} AND table_name = ${dialect.literal(table.name)}`;
      return {
        columns: `SELECT column_name AS name, column_type AS type, is_nullable = 'NO' AS not_null, (column_default IS NOT NULL AND column_default <> 'NULL' OR extra <> '') AS has_default FROM information_schema.columns WHERE ${here} ORDER BY ordinal_position`,
        unique: `SELECT index_name AS index_name, column_name AS name FROM information_schema.statistics WHERE ${here} AND non_unique = 0 AND sub_part IS NULL AND column_name IS NOT NULL ORDER BY index_name, seq_in_index`,
        about: `SELECT table_rows AS estimate, (SELECT count(*) FROM information_schema.triggers WHERE event_object_schema = ${schema} AND event_object_table = ${dialect.literal(table.name)}) AS triggers FROM information_schema.tables WHERE ${here}`,
      };
    },
    sqlite: (dialect, table) => {
      const name = dialect.literal(table.name);
      const quoted = dialect.quoteNamed(table);
      return {
        columns: `SELECT name, type, ("notnull" OR pk > 0) AS not_null, (dflt_value IS NOT NULL) AS has_default FROM pragma_table_info(${name})`,
        unique: `SELECT 'pk' AS index_name, name, pk AS place FROM pragma_table_info(${name}) WHERE pk > 0 UNION ALL SELECT l.name, i.name, i.seqno FROM pragma_index_list(${name}) l JOIN pragma_index_info(l.name) i WHERE l."unique" AND NOT l.partial AND i.name IS NOT NULL ORDER BY 1, 3`,
        about: `SELECT (SELECT count(*) FROM ${quoted}) AS estimate, (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ${name}) AS triggers`,
      };
    },
  };
