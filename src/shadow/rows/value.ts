/** A value for row `n` of a column, as SQL. As many different ones as the type has room for. */
import type { FillColumn } from "./read-tables.ts";

/** `undefined` when nothing is known that the type would take. */
export function generatedValue(column: FillColumn): string | undefined {
  const { base, type, room } = column;
  if (base === "array") return `'{}'::${type}`;
  if (base === "enum") {
    const values = `enum_range(NULL::${type})`;
    return `(${values})[1 + n % array_length(${values}, 1)]`;
  }
  const value = values[base];
  if (value !== undefined) return `(${value})::${type}`;
  if (base === "numeric")
    return `(n % ${room === null ? 1_000_000 : 10 ** Math.min(room, 9)})::${type}`;
  if (texts.has(base)) return `${text(room)}::${type}`;
  return base.endsWith("range") ? `'empty'::${type}` : undefined;
}

const texts: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name", "citext"]);

/** Short texts keep the end of the number, which differs most. */
function text(room: number | null): string {
  if (room === null || room >= 12) return `('text ' || n)`;
  return `right(lpad(n::text, ${room}, '0'), ${room})`;
}

const values: { readonly [base: string]: string | undefined } = {
  int2: "n % 32000",
  int4: "n",
  int8: "n",
  float4: "n",
  float8: "n",
  money: "n",
  oid: "n",
  bool: "n % 2 = 0",
  date: "date '2020-01-01' + n % 1000",
  timestamp: "timestamp '2020-01-01' + n * interval '1 second'",
  timestamptz: "timestamptz '2020-01-01 00:00:00Z' + n * interval '1 second'",
  time: "time '00:00' + n * interval '1 second'",
  timetz: "time '00:00' + n * interval '1 second'",
  interval: "n * interval '1 second'",
  uuid: "md5(n::text)",
  json: "json_build_object('n', n)",
  jsonb: "jsonb_build_object('n', n)",
  bytea: "decode(md5(n::text), 'hex')",
  inet: "inet '10.0.0.0' + n",
  cidr: "(inet '10.0.0.0' + n)::cidr",
  macaddr: "('08:00:2b:' || lpad(to_hex(n % 256), 2, '0') || ':00:01')",
  bit: "B'0'",
  varbit: "n::bit(32)::varbit",
  tsvector: "to_tsvector('simple', 'text ' || n)",
  tsquery: "to_tsquery('simple', 'text')",
  point: "point(n, n)",
  line: "line '{1,2,3}'",
  lseg: "lseg(point(0, 0), point(n, n))",
  box: "box(point(0, 0), point(n, n))",
  path: "path '((0,0),(1,1))'",
  polygon: "polygon '((0,0),(1,1),(2,0))'",
  circle: "circle(point(n, n), 1)",
  xml: "xmlelement(name n, n)",
  hstore: "hstore('n', n::text)",
  ltree: "('n' || n)",
  pg_lsn: "'0/0'",
};
