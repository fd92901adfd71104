/** The tables of a database, with the facts that generating rows needs. */
import type { Session } from "../../adapters/adapter.ts";

export type FillColumn = {
  readonly name: string;
  readonly type: string;
  /** Of a domain its base type, of an array `array`, of an enum `enum`; else the type's own name. */
  readonly base: string;
  /** The length of a text, or the digits before the point of a number. */
  readonly room: number | null;
  readonly required: boolean;
  /** Whether the database makes a value that differs from row to row. */
  readonly numbered: boolean;
};

export type FillKey = {
  readonly columns: readonly string[];
  readonly table: string;
  readonly referred: readonly string[];
};

export type FillTable = {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly columns: readonly FillColumn[];
  readonly keys: readonly FillKey[];
};

/** Every table of the user that has no row yet. Partitions are filled through their parents. `ours` are oids. */
export async function readEmptyTables(
  session: Session,
  ours: ReadonlySet<string>,
): Promise<readonly FillTable[]> {
  const rows = await session.query(tablesSql);
  const found: FillTable[] = [];
  for (const row of rows) {
    const name = String(row.name);
    if (ours.has(String(row.oid))) continue;
    const [first] = await session.query(`SELECT 1 FROM ${name} LIMIT 1`);
    if (first !== undefined) continue;
    found.push({ name, columns: list(row.columns), keys: list(row.keys) });
  }
  return found;
}

function list<Item>(json: unknown): readonly Item[] {
  if (json === null) return [];
  return (typeof json === "string" ? JSON.parse(json) : json) as readonly Item[];
}

const tablesSql = `
SELECT c.oid::text AS oid, c.oid::regclass::text AS name,
  (SELECT json_agg(json_build_object(
      'name', quote_ident(attname), 'type', format_type(atttypid, atttypmod),
      'base', CASE WHEN base.typcategory = 'A' THEN 'array' WHEN base.typtype = 'e' THEN 'enum' ELSE base.typname END,
      'room', CASE WHEN base.typname IN ('varchar', 'bpchar') AND greatest(atttypmod, t.typtypmod) > 4 THEN greatest(atttypmod, t.typtypmod) - 4
        WHEN base.typname = 'numeric' AND greatest(atttypmod, t.typtypmod) > 4
        THEN ((greatest(atttypmod, t.typtypmod) - 4) >> 16 & 65535) - ((greatest(atttypmod, t.typtypmod) - 4) & 65535) END,
      'required', attnotnull OR t.typnotnull,
      'numbered', attidentity <> '' OR coalesce(pg_get_expr(adbin, adrelid) ~ '^nextval\\(', false)) ORDER BY attnum)
    FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
    JOIN pg_type base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
  (SELECT json_agg(json_build_object('table', confrelid::regclass::text,
      'columns', (SELECT json_agg(quote_ident(attname) ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k(num, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
      'referred', (SELECT json_agg(quote_ident(attname) ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS k(num, place)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = num)))
    FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND conparentid = 0) AS keys
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND relname !~ '^slipway_' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
ORDER BY 1`;
