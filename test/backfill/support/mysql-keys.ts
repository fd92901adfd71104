/** Key types of MySQL and MariaDB. */
import type { KeyCase } from "./key-cases.ts";

const numbers = ["0", "1", "2", "10", "9", "100", "99", "127", "5", "55"];
const signed = [...numbers, "-1", "-128", "-10", "-9"];
const words = [
  "b",
  "a",
  "C",
  "aa",
  "z",
  "é",
  "ß",
  "日本",
  "a-b",
  "it''s",
  "x y",
  "",
  "0",
  "10",
  "9",
];
const texts = [...words.map((word) => `'${word}'`), "x'5c'", "x'615c62'", "'%'", "'_'"];
const latin = texts.filter((text) => text !== "'日本'");
const hours = Array.from({ length: 20 }, (_, i) => {
  const minute = String((i * 7) % 60).padStart(2, "0");
  // In Berlin 00:xx and 01:xx have the same text in this night.
  return `'2025-10-26 0${i % 3}:${minute}:${minute}.${String(i).padStart(6, "0")}'`;
});
const dates = ["'2025-10-26'", "'1000-01-01'", "'9999-12-31'", "'2024-02-29'", "'1970-01-01'"];
const uuids = Array.from({ length: 20 }, (_, i) => {
  const digits = ((i * 7919) % 65_536).toString(16).padStart(4, "0");
  return `'${digits}aaaa-0000-4000-8000-00000000${digits}'`;
});

export const mysqlKeys: readonly KeyCase[] = [
  ...["tinyint", "smallint", "mediumint", "int"].map((type) => ({ type, values: signed })),
  ...["tinyint unsigned", "int(8) unsigned zerofill"].map((type) => ({ type, values: numbers })),
  { type: "bigint", values: [...signed, "9223372036854775807", "-9223372036854775808"] },
  { type: "bigint unsigned", values: [...numbers, "18446744073709551615", "9007199254740993"] },
  { type: "decimal(30, 10)", values: [...signed, "12345678901234567890.0123456789", "-0.5"] },
  ...["utf8mb4_general_ci", "utf8mb4_unicode_nopad_ci", "utf8mb4_bin"].map((collation) => ({
    type: `varchar(40) character set utf8mb4 collate ${collation}`,
    values: texts,
  })),
  { type: "char(10) character set utf8mb4", values: texts },
  { type: "varchar(40) character set latin1", values: latin },
  {
    type: "varchar(600) character set latin1",
    values: latin.map((t) => `concat(repeat('k', 590), ${t})`),
  },
  { type: "date", values: dates },
  { type: "datetime(6)", values: hours },
  { type: "datetime", values: dates },
  { type: "timestamp(6)", values: hours },
  {
    type: "time(6)",
    values: ["'-838:59:59'", "'-00:00:00.5'", "'00:00:00'", "'100:00:00'", "'99:00:00'"],
  },
  { type: "year", values: ["'2025'", "'1901'", "'2155'", "'1999'", "'2000'"] },
];

/** Types that only MariaDB has. */
export const mariadbKeys: readonly KeyCase[] = [
  { type: "uuid", values: uuids },
  { type: "inet6", values: ["'::1'", "'2001:db8::1'", "'::ffff:10.0.0.1'", "'fe80::1'", "'::'"] },
  { type: "inet4", values: ["'10.0.0.1'", "'9.0.0.1'", "'255.255.255.255'", "'0.0.0.0'"] },
];

/** Types whose text does not give the value back, or has another order. */
export const refusedMysqlKeys: readonly KeyCase[] = [
  ...["float", "double"].map((type) => ({ type, values: ["0.1", "0.3", "2"] })),
  ...["binary(4)", "varbinary(10)"].map((type) => ({ type, values: ["x'00'", "x'ff'"] })),
  { type: "bit(8)", values: ["b'1'", "b'10'"] },
  { type: "enum('b', 'a')", values: ["'a'", "'b'"] },
  { type: "set('b', 'a')", values: ["'a'", "'b,a'"] },
  ...["text", "json"].map((type) => ({ type, values: [`'"a"'`, `'"b"'`] })),
].map((one) => ({ ...one, refused: true }));
