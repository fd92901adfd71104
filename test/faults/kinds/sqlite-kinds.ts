/** Types of keys of SQLite, and of files. */
import type { KeyType } from "./cell.ts";

const whole = ["-9223372036854775807", "-1", "0", "1", "9007199254740992", "9007199254740993"];
const words = [
  "''",
  "'a'",
  "'B'",
  "'ä'",
  "'it''s'",
  "'back\\slash'",
  "'1.0'",
  "'\u{1f600}'",
  "'null'",
];
const times = ["'2026-10-25T01:30:00.000001Z'", "'2026-10-25T01:30:00Z'", "'0044-03-15'"];

export const sqliteTypes: readonly KeyType[] = [
  { name: "integer", type: "integer", values: whole },
  { name: "bigint", type: "bigint", values: whole },
  { name: "boolean", type: "boolean", values: ["0", "1"] },
  { name: "text", type: "text", values: words },
  { name: "text of any case", type: "text collate nocase", values: words },
  { name: "text without blanks", type: "text collate rtrim", values: words },
  { name: "varchar(20)", type: "varchar(20)", values: words },
  { name: "uuid", type: "uuid", values: ["'00000001-aaaa'", "'00000002-aaaa'", "'f0000001-aaaa'"] },
  { name: "datetime", type: "datetime", values: times },
  { name: "date", type: "date", values: ["'2026-02-01'", "'2026-01-02'", "'0044-03-15'"] },
  { name: "real", type: "real", values: ["0.1", "1e300", "-1.5"] },
  { name: "blob", type: "blob", values: ["x'00'", "x'ff'", "x'41'"] },
];

/** How a file is made. */
export const files: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  "UTF-16le, rollback journal, small pages": [
    "pragma encoding = 'UTF-16le'",
    "pragma page_size = 512",
    "pragma journal_mode = delete",
  ],
};
