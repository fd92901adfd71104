/** Types of keys of PostgreSQL, and settings that change how their values are read or written. */
import type { KeyType } from "./cell.ts";

const times = [
  "'2026-10-25 00:30:00+00'",
  "'2026-10-25 01:30:00+00'",
  "'2026-10-25 01:30:00.000001+00'",
  "'1890-01-01 12:00:00.123456+00'",
  "'0044-03-15 12:00:00+00 BC'",
  "'12345-06-07 08:09:10+00'",
  "'infinity'",
  "'-infinity'",
];
const bare = times.map((time) => time.replace("+00", ""));
const days = [
  "'2026-02-01'",
  "'2026-01-02'",
  "'0044-03-15 BC'",
  "'12345-06-07'",
  "'infinity'",
  "'-infinity'",
];
const words = [
  "''",
  "'NULL'",
  "'null'",
  "'a'",
  "'B'",
  "'ä'",
  "'it''s'",
  "E'back\\\\slash'",
  "'{\"x\"}'",
  "'\u{1f600}'",
  "'1.0'",
];
const plain = words.filter((word) => word !== "''");

/** What the types below need. */
export const postgresSetup = [
  "create type mood as enum ('sad', 'it''s', 'NULL', 'ok')",
  "create type pair as (a integer, b text, c timestamptz)",
  "create domain big as bigint check (value > -10)",
  "create domain moment as timestamptz",
  "create domain amounts as numeric[]",
];

export const postgresTypes: readonly KeyType[] = [
  { name: "smallint", type: "smallint", values: ["-32768", "-1", "0", "1", "32767"] },
  {
    name: "bigint",
    type: "bigint",
    values: [
      "'-9223372036854775808'",
      "-1",
      "9007199254740992",
      "9007199254740993",
      "9223372036854775807",
    ],
  },
  {
    name: "numeric",
    type: "numeric",
    values: ["'NaN'", "'1.10'", "9007199254740993.000000000001", "-1e40", "1e-40", "0"],
  },
  {
    name: "double precision",
    type: "double precision",
    values: [
      "'NaN'",
      "'Infinity'",
      "'-Infinity'",
      "'-0'",
      "0.1",
      "0.30000000000000004",
      "5e-324",
      "1.7976931348623157e308",
    ],
  },
  {
    name: "real",
    type: "real",
    values: ["'NaN'", "'Infinity'", "0.1", "1e-45", "16777216", "3.4028235e38"],
  },
  { name: "boolean", type: "boolean", values: ["true", "false"] },
  { name: "text", type: "text", values: words },
  { name: "text of collation C", type: 'text collate "C"', values: words },
  { name: "varchar(20)", type: "varchar(20)", values: words },
  { name: "char(12)", type: "char(12)", values: plain },
  { name: "name", type: "name", values: words },
  {
    name: "uuid",
    type: "uuid",
    values: [1, 2, 3, 4, 5].map((n) => `'0000000${n}-aaaa-4bbb-8ccc-ddddddddddd${n}'`),
  },
  {
    name: "bytea",
    type: "bytea",
    values: ["''", "'\\x00'", "'\\x5c'", "'\\xff00'", "'\\x27'", "'\\x414243'"],
  },
  { name: "date", type: "date", values: days },
  {
    name: "time",
    type: "time",
    values: ["'00:00:00'", "'24:00:00'", "'12:34:56.000001'", "'12:34:56'"],
  },
  {
    name: "timetz",
    type: "timetz",
    values: ["'12:00:00+00'", "'12:00:00-11:30'", "'23:59:59.999999+14'", "'00:00:00+00:53:28'"],
  },
  { name: "timestamp", type: "timestamp", values: bare },
  { name: "timestamptz", type: "timestamptz", values: times },
  {
    name: "interval",
    type: "interval",
    values: [
      "'0'",
      "'-1 day +02:03:04.000005'",
      "'1 mon -1 day'",
      "'-1 year -2 mons +3 days -04:05:06'",
      "'100:00:00'",
    ],
  },
  {
    name: "inet",
    type: "inet",
    values: ["'10.0.0.1'", "'10.0.0.1/8'", "'::1'", "'2001:db8::/32'"],
  },
  { name: "cidr", type: "cidr", values: ["'10.0.0.0/8'", "'10.0.0.0/9'", "'2001:db8::/32'"] },
  {
    name: "macaddr",
    type: "macaddr",
    values: ["'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'", "'00:00:00:00:00:00'"],
  },
  {
    name: "macaddr8",
    type: "macaddr8",
    values: ["'08:00:2b:01:02:03:04:05'", "'ff:ff:ff:ff:ff:ff:ff:ff'"],
  },
  { name: "oid", type: "oid", values: ["0", "2147483648", "4294967295"] },
  { name: "xid8", type: "xid8", values: ["'0'", "'9007199254740993'", "'18446744073709551615'"] },
  { name: "pg_lsn", type: "pg_lsn", values: ["'0/0'", "'16/B374D848'", "'FFFFFFFF/FFFFFFFF'"] },
  { name: "bit(5)", type: "bit(5)", values: ["'00000'", "'00001'", "'11111'", "'10000'"] },
  { name: "bit varying", type: "bit varying", values: ["''", "'0'", "'00'", "'101010101'"] },
  { name: "enum", type: "mood", values: ["'sad'", "'it''s'", "'NULL'", "'ok'"] },
  {
    name: "composite",
    type: "pair",
    values: [
      "'(1,a,\"2026-10-25 01:30:00+00\")'",
      "'(1,NULL,)'",
      "'(1,,)'",
      '\'(2,"it\'\'s ""so""",-infinity)\'',
    ],
  },
  { name: "int4range", type: "int4range", values: ["'empty'", "'[1,5)'", "'(,)'", "'[5,)'"] },
  {
    name: "tstzrange",
    type: "tstzrange",
    values: [
      "'empty'",
      "'[2026-10-25 00:30:00+00,2026-10-25 01:30:00+00)'",
      "'[-infinity,infinity]'",
      "'(,0044-03-15 12:00:00+00 BC]'",
    ],
  },
  {
    name: "multirange",
    type: "datemultirange",
    values: ["'{}'", "'{[2026-01-02,2026-02-01)}'", "'{[2026-01-02,2026-01-05),[2026-02-01,)}'"],
  },
  {
    name: "integer[]",
    type: "integer[]",
    values: ["'{}'", "'{1}'", "'{1,NULL}'", "'{{1,2},{3,4}}'", "'[0:1]={1,2}'"],
  },
  {
    name: "text[]",
    type: "text[]",
    values: ["'{}'", "'{\"NULL\"}'", "'{NULL}'", "array['a\"b', E'c\\\\d', '{}']", "'{a,b}'"],
  },
  {
    name: "timestamptz[]",
    type: "timestamptz[]",
    values: ["'{2026-10-25 01:30:00.000001+00,infinity}'", "'{}'", "'{NULL}'"],
  },
  {
    name: "domain over bigint",
    type: "big",
    values: ["-1", "9007199254740993", "9007199254740992"],
  },
  { name: "domain over timestamptz", type: "moment", values: times },
  {
    name: "domain over numeric[]",
    type: "amounts",
    values: ["'{1.10,NaN}'", "'{}'", "'{9007199254740993.1}'"],
  },
  {
    name: "jsonb",
    type: "jsonb",
    values: ["'null'", "'{\"a\": 9007199254740993}'", "'[1.10]'", "'\"x\"'", "'{}'"],
  },
  { name: "tsvector", type: "tsvector", values: ["''", "'a:1A b'", "'''it''''s'':2'"] },
  { name: "money", type: "money", values: ["'1.00'", "'-1234.56'"], refused: true },
  { name: '"char"', type: '"char"', values: ["'a'", "'B'"], refused: true },
];

/** Of extensions, where they can be had. */
export const extensionTypes: readonly (KeyType & { readonly extension: string })[] = [
  { name: "citext", extension: "citext", type: "citext", values: ["'a'", "'B'", "''", "'NULL'"] },
  {
    name: "hstore",
    extension: "hstore",
    type: "hstore",
    refused: true,
    values: ["''", "'a=>1'", "'\"it''s\"=>NULL'", "'a=>NULL'"],
  },
];

/** The most hostile value of each setting that changes how a value is read or written. */
export const hostile: Readonly<Record<string, string>> = {
  datestyle: "'SQL, DMY'",
  timezone: "'America/St_Johns'",
  intervalstyle: "'sql_standard'",
  bytea_output: "'escape'",
  extra_float_digits: "-15",
  xmlbinary: "'hex'",
  xmloption: "'document'",
  array_nulls: "off",
  quote_all_identifiers: "on",
  standard_conforming_strings: "off",
  escape_string_warning: "off",
  backslash_quote: "off",
  transform_null_equals: "on",
  default_transaction_isolation: "'serializable'",
  default_transaction_deferrable: "on",
  enable_indexscan: "off",
};
