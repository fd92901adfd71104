/** Types of keys of MariaDB, and settings that change how their values are read or written. */
import type { KeyType } from "./cell.ts";

const words = ["''", "'a'", "'B'", "'ö'", "'it''s'", "'NULL'", "'1.0'", "'{\"x\"}'"];
const times = [
  "'2026-10-25 00:30:00.000000'",
  "'2026-10-25 02:30:00.000001'",
  "'2026-10-25 02:30:00.000002'",
  "'2000-02-29 23:59:59.999999'",
];

/** The first and the last of all, both ends of the hour that Berlin skips, and both of the hour that it has twice. */
const moments = [
  "'1970-01-01 00:00:01.000000'",
  "'2026-03-29 00:59:59.999999'",
  "'2026-03-29 01:00:00.000000'",
  "'2026-10-25 00:30:00.000001'",
  "'2026-10-25 01:30:00.000001'",
  "'2026-10-25 01:30:00.000000'",
  "'2038-01-19 03:14:07.999999'",
];

const whole = (values: readonly string[]) => [
  ...new Set(values.map((value) => value.replace(/\.\d+'/, "'"))),
];

export const mariadbTypes: readonly KeyType[] = [
  { name: "smallint", type: "smallint", values: ["-32768", "-1", "0", "32767"] },
  {
    name: "bigint",
    type: "bigint",
    values: ["-9223372036854775808", "-1", "9007199254740992", "9007199254740993"],
  },
  {
    name: "bigint unsigned",
    type: "bigint unsigned",
    values: ["0", "9007199254740993", "18446744073709551615"],
  },
  {
    name: "decimal(40,12)",
    type: "decimal(40,12)",
    values: ["9007199254740993.000000000001", "9007199254740993.000000000002", "-1.5", "0"],
  },
  { name: "varchar(20)", type: "varchar(20) character set utf8mb4", values: words },
  {
    name: "varchar(20), binary",
    type: "varchar(20) collate utf8mb4_bin",
    values: [...words, "'A'", "'ä'"],
  },
  { name: "varchar(20), latin1", type: "varchar(20) character set latin1", values: words },
  { name: "char(12)", type: "char(12)", values: words },
  {
    name: "date",
    type: "date",
    values: ["'2026-02-01'", "'2026-01-02'", "'0044-03-15'", "'9999-12-31'"],
  },
  { name: "datetime(6)", type: "datetime(6)", values: times },
  {
    name: "datetime",
    type: "datetime",
    values: whole(times),
  },
  { name: "timestamp(6)", type: "timestamp(6)", values: moments },
  {
    name: "timestamp",
    type: "timestamp",
    values: whole(moments),
  },
  {
    name: "timestamp(6) that each change moves",
    type: "timestamp(6) default current_timestamp(6) on update current_timestamp(6)",
    values: moments,
  },
  { name: "year", type: "year", values: ["'1901'", "'1999'", "'2000'", "'2155'"] },
  {
    name: "time(6)",
    type: "time(6)",
    values: ["'-838:59:59.000001'", "'00:00:00'", "'12:34:56.000001'"],
  },
  {
    name: "uuid",
    type: "uuid",
    values: [1, 2, 3].map((n) => `'0000000${n}-aaaa-4bbb-8ccc-ddddddddddd${n}'`),
  },
  { name: "double", type: "double", values: ["0.1", "1e300"], refused: true },
  { name: "varbinary(20)", type: "varbinary(20)", values: ["x'00'", "x'ff'"], refused: true },
  { name: "enum", type: "enum('b', 'a')", values: ["'a'", "'b'"], refused: true },
  { name: "bit(5)", type: "bit(5)", values: ["b'00001'", "b'11111'"], refused: true },
];

/** What `init_connect` says counts for whoever may not do everything. */
const ofEachUser = [
  ...["time_zone = 'SYSTEM'", "sql_safe_updates = 1", "sql_select_limit = 2", "autocommit = 0"],
  ...["completion_type = 2", "tx_read_only = 1", "sql_auto_is_null = 1", "max_sort_length = 64"],
  ...["lc_time_names = 'de_DE'", "group_concat_max_len = 4", "character_set_results = latin1"],
  ...["collation_connection = latin1_bin", "system_versioning_asof = '2001-01-01 00:00:00'"],
].join(", ");

/** The same for everybody, as far as a server takes it. */
const ofServer = {
  ...{ time_zone: "'SYSTEM'", sql_safe_updates: "1", sql_select_limit: "2", autocommit: "0" },
  ...{ completion_type: "2", tx_read_only: "1", sql_auto_is_null: "1", max_sort_length: "64" },
  ...{ lc_time_names: "'de_DE'", group_concat_max_len: "4", character_set_results: "latin1" },
  ...{ character_set_client: "latin1", collation_connection: "latin1_bin", sql_big_selects: "0" },
  ...{ default_storage_engine: "MyISAM", tx_isolation: "'SERIALIZABLE'" },
  explicit_defaults_for_timestamp: "0",
};

type Settings = Readonly<Record<string, string>>;

/**
 * Where settings are hostile, and which. The zone of the system has summer time. Parts of `sql_mode` change what SQL
 * means, and what becomes of a value that does not fit.
 */
export const mariadbSpots: Readonly<Record<string, Settings>> = {
  nowhere: {},
  "each user": {
    init_connect: `"SET ${ofEachUser}"`,
    sql_mode: "'ORACLE,PAD_CHAR_TO_FULL_LENGTH,EMPTY_STRING_IS_NULL,NO_BACKSLASH_ESCAPES'",
  },
  server: {
    ...ofServer,
    sql_mode: "'ANSI,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE,REAL_AS_FLOAT'",
  },
  "sql_mode, strict": {
    sql_mode: "'TRADITIONAL,SIMULTANEOUS_ASSIGNMENT,TIME_ROUND_FRACTIONAL,NO_UNSIGNED_SUBTRACTION'",
  },
  "sql_mode, loose": { sql_mode: "''" },
};
