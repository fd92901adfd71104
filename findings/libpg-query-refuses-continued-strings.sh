#!/bin/sh
# One would guess that libpg-query, which is PostgreSQL's own parser, takes every statement that PostgreSQL takes.
# A string goes on in the next line, and a comment may stand between (SQL standard; scan.l, whitespace_with_newline).
# The server takes that; libpg-query's scanner makes tokens of comments, so its grammar sees two strings: syntax error.
# It matters to linters: they report an error in a file that runs. Seen with libpg-query 18.1.5 beside PGlite 0.5.16.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libpg-query@18.1.5 @electric-sql/pglite@0.5.16 >/dev/null
cat >run.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
import { loadModule, parseSync } from "libpg-query";

const server = new PGlite();
await loadModule();
const without = "select 'a'\n  'b' as v";
const with_ = "select 'a' -- a comment\n  'b' as v";
const parsed = (sql) => {
  try {
    return parseSync(sql).stmts.length;
  } catch (error) {
    return error.message;
  }
};
const seen = [];
for (const sql of [without, with_]) seen.push((await server.query(sql)).rows[0].v, parsed(sql));
console.log(JSON.stringify(seen));
const expected = ["ab", 1, "ab", `syntax error at or near "'b'"`];
process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1);
JS
node run.mjs
