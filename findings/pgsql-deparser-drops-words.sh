#!/bin/sh
# One would guess that pgsql-deparser, which writes SQL from the tree of PostgreSQL's own parser, gives a statement of
# the same meaning, or throws where it has no words for a node.
# For some statements it leaves words out, and what it writes parses: SET LOCAL … TO DEFAULT becomes a SET for the whole
# session, UNLOGGED of a sequence and TABLESPACE after INHERITS are gone, LIKE … INCLUDING ALL EXCLUDING INDEXES copies
# no compression. It matters to tools that rewrite migrations, qualify names or print a plan through it.
# Seen with pgsql-parser 18.2.8 and pgsql-deparser 18.3.8.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pgsql-parser@18.2.8 pgsql-deparser@18.3.8 >/dev/null
cat >run.mjs <<'JS'
import { parse } from "pgsql-parser";
import { deparse } from "pgsql-deparser";

const statements = [
  "set local search_path to default",
  "create unlogged sequence s",
  "create table t (a int) inherits (u) tablespace x",
  "create table t (like u including all excluding indexes)",
];
for (const sql of statements) {
  const written = await deparse(await parse(sql));
  await parse(written);
  console.log(written.replaceAll(/\s+/g, " "));
}
JS
node run.mjs | tee seen.txt
cat >expected.txt <<'TXT'
SET search_path TO DEFAULT
CREATE SEQUENCE s
CREATE TABLE t ( a int ) INHERITS (u)
CREATE TABLE t ( LIKE u INCLUDING COMMENTS INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STATISTICS INCLUDING STORAGE )
TXT
diff expected.txt seen.txt
