import { expect, it } from "vitest";
import { readQuery } from "../../../src/adapters/postgres/work-mark.ts";

const mark = "/* slipway 2 add_note */";
const add = "ALTER TABLE posts ADD note text";

const cases: readonly (readonly [string, string, object])[] = [
  ["a read without a mark", 'SELECT to_char("at") FROM slipway_events', {}],
  ["a read behind a WITH", "WITH w AS (SELECT 1) SELECT * FROM w", {}],
  ["a setting", "SET LOCAL lock_timeout = 100", {}],
  ["a transaction of our own", "BEGIN\n;\nINSERT INTO slipway_journal VALUES (1)", {}],
  ["a change of a table of ours", "UPDATE slipway_lock SET fence = 2", {}],
  ["behind a comment too", "/* why */ -- so\n SELECT 1", {}],
  [
    "a statement without a mark",
    "CREATE INDEX CONCURRENTLY i ON posts (a)",
    { running: "CREATE INDEX CONCURRENTLY i ON posts (a)" },
  ],
  [
    "a WITH that writes",
    "WITH w AS (UPDATE posts SET a = 1) SELECT 1",
    { running: "WITH w AS (UPDATE posts SET a = 1) SELECT 1" },
  ],
  [
    "what stands behind a mark",
    `BEGIN ${mark}\n;\n${add}`,
    { migration: "2 add_note", running: add },
  ],
  [
    "the first of several",
    `BEGIN ${mark}\n;\n${add}\n;\nCOMMIT`,
    { migration: "2 add_note", running: `${add}; …` },
  ],
  [
    "code of the user's before a mark",
    `SELECT pg_sleep(9)\n${mark}`,
    { migration: "2 add_note", running: "SELECT pg_sleep(9)" },
  ],
  [
    "the greeting of a transaction",
    `SHOW transaction_isolation ${mark}`,
    { migration: "2 add_note" },
  ],
  ["a setting before a mark", `SET lock_timeout = 100 ${mark}`, { migration: "2 add_note" }],
];

it.each(cases)("reads %s", (_, query, seen) => {
  expect(readQuery(query)).toEqual(seen);
});
