/** Types of keys of MariaDB, and settings that change how their values are read or written. */
import type { KeyType } from "./cell.ts";

const words = ["''", "'a'", "'B'", "'ö'", "'it''s'", "'NULL'", "'1.0'", "'{\"x\"}'"];
const times = [
  "'2026-10-25 00:30:00.000000'",
  "'2026-10-25 02:30:00.000001'",
  "'2026-10-25 02:30:00.000002'",
  "'2000-02-29 23:59:59.999999'",
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
