#!/bin/sh
# One would guess that a definition which PostgreSQL writes is the definition of what it makes: read back, it is the same.
# `status IN ('a', 'b')` of a varchar is kept as an array that is cast, and written so; read again, each element is cast,
# and that is written from then on. A database that was restored from a dump is told from its original by every tool that
# compares texts: schema diffs, drift checks, a dump in git. The second text is stable, so one restore settles it.
# Checks, partial indexes and views alike. Seen with PostgreSQL 18.6 in @electric-sql/pglite 0.5.16, and with 15 and 18 servers.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.5.16 >/dev/null
cat >run.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
const db = await PGlite.create();
const one = async (sql) => Object.values((await db.query(sql)).rows[0])[0];
console.log(await one("SHOW server_version"));
const checkOf = (name) => one(`SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '${name}'`);
await db.exec("CREATE TABLE orders (status varchar(20), CONSTRAINT first CHECK (status IN ('open', 'paid')))");
const first = await checkOf("first");
await db.exec(`ALTER TABLE orders ADD CONSTRAINT second ${first}`);
const second = await checkOf("second");
await db.exec(`ALTER TABLE orders ADD CONSTRAINT third ${second}`);
console.log(first);
console.log(second);
console.log(first === second, second === (await checkOf("third")));
process.exit(0);
JS
seen=$(node run.mjs)
echo "$seen"
expected=$(cat <<'TXT'
CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'paid'::character varying])::text[])))
CHECK (((status)::text = ANY (ARRAY[('open'::character varying)::text, ('paid'::character varying)::text])))
false true
TXT
)
[ "$(echo "$seen" | tail -n 3)" = "$expected" ]
