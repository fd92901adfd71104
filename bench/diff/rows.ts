/** A million rows for a table that nobody here has written. */
import type pg from "pg";

export type FilledTable = {
  /** Quoted, with its schema. */
  readonly path: string;
  /** What a writer updates, and what it finds a row by: the value of the key stands over `n`. */
  readonly column: string;
  readonly key: string;
  readonly keyValue: string;
};

type ColumnRow = {
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly required: boolean;
  readonly generated: boolean;
  readonly referring: boolean;
  readonly key: boolean;
};

const columnsSql = `SELECT quote_ident(attname) AS name, format_type(atttypid, atttypmod) AS type, typtype AS kind,
  attnotnull AS required, attgenerated <> '' OR attidentity = 'a' AS generated,
  EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = attrelid AND contype = 'f' AND attnum = ANY (conkey)) AS referring,
  EXISTS (SELECT 1 FROM pg_index WHERE indrelid = attrelid AND indisprimary AND indkey[0] = attnum) AS key
FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Nothing where it has no primary key, or takes no such rows. */
export async function fill(
  client: pg.Client,
  path: string,
  rows: number,
): Promise<FilledTable | undefined> {
  const { rows: all } = await client.query<ColumnRow>(columnsSql, [path]);
  const key = all.find((column) => column.key);
  const own = all.filter(({ generated }) => !generated);
  const plain = own.find((one) => !one.key && !one.referring) ?? own[0];
  if (key === undefined || plain === undefined) return undefined;
  const given = own.filter(({ required, referring }) => required || !referring);
  const names = given.map(({ name }) => name).join(", ");
  const values = given.map(valueFor).join(", ");
  await client.query("BEGIN; SET LOCAL session_replication_role = replica");
  try {
    await client.query(
      `INSERT INTO ${path} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM generate_series(1, ${rows}) n`,
    );
    await client.query("COMMIT");
  } catch {
    await client.query("ROLLBACK");
    return undefined;
  }
  await client.query(`VACUUM ANALYZE ${path}`);
  return { path, column: plain.name, key: key.name, keyValue: valueFor(key) };
}

/** Another value for each `n` where the type has so many. */
function valueFor({ type, kind, required }: ColumnRow): string {
  if (kind === "e") return `(enum_range(NULL::${type}))[1]`;
  if (type.endsWith("[]")) return `'{}'::${type}`;
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(type) ?? [];
  if (length !== undefined) return `left(md5(n::text), ${length})`;
  if (/^(text|character varying|citext|public\.citext)$/.test(type)) return "md5(n::text)";
  if (type === "smallint") return "(n % 32000)::smallint";
  if (/^(integer|bigint)$/.test(type)) return `n::${type}`;
  if (/^(numeric|real|double precision)/.test(type)) return `(n % 100)::${type}`;
  if (type === "uuid") return "md5(n::text)::uuid";
  if (type === "boolean") return "n % 2 = 0";
  if (/^(date|timestamp)/.test(type))
    return `(timestamp '2024-01-01' + n * interval '1 second')::${type}`;
  if (/^jsonb?$/.test(type)) return `'{}'::${type}`;
  if (type === "bytea") return "decode(md5(n::text), 'hex')";
  return required ? `''::${type}` : `NULL::${type}`;
}
