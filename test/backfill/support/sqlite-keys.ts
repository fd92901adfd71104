/** Key types of SQLite: each affinity, and in each of them values of every storage class. */
import type { KeyCase } from "./key-cases.ts";

const integers = ["-9223372036854775808", "-1", "0", "5", "10", "9", "9007199254740993"];
const reals = ["0.5", "0.30000000000000004", "-1.5e-7", "1e300", "9e999", "-9e999", "2.5"];
const texts = [
  ...["'a'", "'A'", "'b''c'", "''", "'a '", "'X''00'''", "'''x'''", "'(+CAST'", "'12x'", "'é'"],
  ...["'日本'", "'a' || char(0) || 'b'", "'a' || char(0) || 'c'", "char(10)", "'~'"],
];
const blobs = ["x'00'", "x'ff'", "x'6162'", "x''", "x'4142434400'", "x'fe'"];
const mixed = [...blobs, ...texts, ...reals, ...integers];
/** Where a column has no type, code sees a whole number beyond 2^53 as text, and text it stays. */
const untyped = mixed.filter((value) => !/^-?9\d{12}/.test(value));
const uuids = Array.from({ length: 20 }, (_, i) => {
  const digits = ((i * 7919) % 65_536).toString(16).padStart(4, "0");
  return `'${digits}aaaa-0000-4000-8000-00000000${digits}'`;
});

/** All that may be stored in such a column, as it is stored there. */
export const sqliteKeys: readonly KeyCase[] = [
  { type: "integer", values: integers },
  ...["bigint", "uuid", "datetime", "text", "real"].map((type) => ({ type, values: mixed })),
  ...["blob", ""].map((type) => ({ type, values: untyped })),
  { type: "text collate nocase", values: ["'b'", "'A'", "'ä'", "'Ä'", "x'41'", "x'61'", "'C'"] },
  { type: "text collate rtrim", values: ["'b'", "'a'", "'  a'", "x'6120'", "x'61'"] },
  { type: "uuid", values: uuids },
  { type: "blob", values: uuids.map((text) => `x'${text.slice(1, -1).replaceAll("-", "")}'`) },
  { type: "any", table: "strict", values: untyped },
  { type: "int", table: "strict", values: integers },
  { type: "text", table: "strict", values: texts },
  { type: "blob", table: "strict", values: blobs },
  { type: "real", table: "strict", values: reals },
];
