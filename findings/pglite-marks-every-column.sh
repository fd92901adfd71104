#!/bin/sh
# One would guess that a column on which nothing was set has no options, and that what a catalog has can be set again.
# Since 0.5.17 PGlite keeps an option of its own on every column, `pg_attver` with a number that differs from run to run
# and changes when the column does. Whoever writes ALTER TABLE from pg_attribute.attoptions (schema diffs, dumps, introspection)
# gets SQL that 0.5.16 and every PostgreSQL server refuse, and a difference between two databases that are the same.
# Seen with @electric-sql/pglite 0.5.16 (no options) and 0.5.17 (one on each).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund old@npm:@electric-sql/pglite@0.5.16 new@npm:@electric-sql/pglite@0.5.17 >/dev/null
cat >run.mjs <<'JS'
const optionsOf = async (name) => {
  const { PGlite } = await import(name);
  const db = await PGlite.create();
  await db.exec("CREATE TABLE orders (id int, note text)");
  const { rows } = await db.query(
    "SELECT attoptions FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 ORDER BY attnum",
  );
  return { db, options: rows.map(({ attoptions }) => String(attoptions)) };
};
const old = await optionsOf("old");
const now = await optionsOf("new");
console.error(now.options.join(" "));
const named = now.options.map((option) => option.replace(/=\d+$/, "=N")).join(" ");
const set = await old.db.exec(`ALTER TABLE orders ALTER id SET (${now.options[0]})`).then(
  () => "taken",
  (error) => error.message,
);
console.log(`0.5.16: ${old.options.join(" ")}; 0.5.17: ${named}; ${set}`);
process.exit(0);
JS
seen=$(node run.mjs)
echo "$seen"
[ "$seen" = '0.5.16: null null; 0.5.17: pg_attver=N pg_attver=N; unrecognized parameter "pg_attver"' ]
