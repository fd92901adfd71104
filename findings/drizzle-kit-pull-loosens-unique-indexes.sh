#!/bin/sh
# One would guess that drizzle-kit pull writes a unique index as the database has it, or says what it has no word for.
# Columns of INCLUDE come out as columns of the key: unique (email) include (name) is written as unique (email, name),
# which allows the same email twice. NULLS NOT DISTINCT is left out, and a virtual generated column of PostgreSQL 18 is
# written STORED. The command ends with exit code 0 and no warning. It matters to teams that pull a schema once and let
# a tool compare it with the database from then on: the difference loosens what the database guards.
# Seen with drizzle-kit 0.31.11, drizzle-orm 0.45.4, PostgreSQL 18.7 of PGlite 0.5.17.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund drizzle-kit@0.31.11 drizzle-orm@0.45.4 @electric-sql/pglite@0.5.17 >/dev/null
cat >make.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";

const db = new PGlite("./data");
await db.exec(`create table t (email text, name text, code text unique nulls not distinct, a int,
  twice int generated always as (a * 2) virtual);
create unique index t_email on t (email) include (name);`);
await db.close();
JS
cat >drizzle.config.ts <<'TS'
export default { dialect: "postgresql", driver: "pglite", dbCredentials: { url: "./data" }, out: "./out" };
TS
node make.mjs
npx drizzle-kit pull >said.txt 2>&1
! grep -iE "warn|include|distinct|virtual" said.txt
grep -hE '"twice"|UNIQUE' out/*.sql | tee seen.txt
cat >expected.txt <<'TXT'
	"twice" integer GENERATED ALWAYS AS ((a * 2)) STORED,
	CONSTRAINT "t_code_key" UNIQUE("code")
CREATE UNIQUE INDEX "t_email" ON "t" USING btree ("email" text_ops,"name" text_ops);
TXT
diff expected.txt seen.txt
