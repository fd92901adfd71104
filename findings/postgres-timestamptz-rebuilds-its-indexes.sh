#!/bin/sh
# ALTER COLUMN … TYPE timestamptz on a timestamp keeps the table's file where TimeZone is UTC, as widening a varchar
# does. One would guess that the indexes stay too: they do for the varchar. For timestamptz each index on the column is
# built anew, for its operator class is another one, while ACCESS EXCLUSIVE keeps readers out. It matters to linters,
# and to people who call the change "no rewrite": on a large table it stops the site for as long as the builds take.
# In another zone than UTC the table is rewritten with all of its indexes. Seen with PGlite 0.5.16 (PostgreSQL 18).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.5.16 >/dev/null
cat >run.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";

const db = new PGlite();
const files = async () => {
  const { rows } = await db.query(
    "select relname, relfilenode from pg_class where relname in ('visits', 'by_time', 'by_page') order by 1",
  );
  return Object.fromEntries(rows.map(({ relname, relfilenode }) => [relname, relfilenode]));
};
const seen = {};
async function change(name, zone, type) {
  await db.exec(`
    drop table if exists visits; set timezone = 'UTC';
    create table visits (at timestamp, page varchar(20));
    insert into visits select now()::timestamp, 'a' from generate_series(1, 1000);
    create index by_time on visits (at); create index by_page on visits (page);
    set timezone = '${zone}'`);
  const before = await files();
  await db.exec(`alter table visits alter column ${type}`);
  const after = await files();
  seen[name] = Object.keys(before).filter((one) => before[one] !== after[one]).join(" ");
}
await change("varchar", "UTC", "page type varchar(40)");
await change("UTC", "UTC", "at type timestamptz");
await change("Berlin", "Europe/Berlin", "at type timestamptz");
console.log("new files:", JSON.stringify(seen));
const expected = { varchar: "", UTC: "by_time", Berlin: "by_page by_time visits" };
process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : 1);
JS
node run.mjs
