#!/bin/sh
# One would guess that `db.insert(table, columns, values, callback)`, as db-migrate's documentation has it, calls back.
# It inserts the row and never does: db-migrate-base takes its third parameter, the values, for the callback. The
# migration waits for ever, in a transaction that holds its locks, and `db-migrate up` neither ends nor says a word.
# It matters to whoever runs such migrations in a deploy. The promise that it gives is resolved. Seen with
# db-migrate-pg 1.5.2 and db-migrate-base 2.3.1: 1 row inserted, 0 calls back, promise resolved.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund db-migrate@0.11.14 db-migrate-pg@1.5.2 @electric-sql/pglite@0.5.16 >/dev/null
cat >run.mjs <<'JS'
import { setTimeout as pause } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import library from "db-migrate";
import driver from "db-migrate-pg";
const pglite = new PGlite();
await pglite.exec("create table users (id int, email text)");
const quiet = () => undefined;
const log = { sql: quiet, info: quiet, warn: quiet, error: quiet, verbose: quiet };
// As `pg` has it.
const query = (sql, ...rest) => {
  const answer = rest.at(-1);
  pglite.query(sql).then((result) => answer(null, result), (error) => answer(error));
};
const connection = { connect: (connected) => connected(), query };
driver.connect({ db: connection, database: "x" }, { mod: { log, type: library.dataType } }, async (_, db) => {
  let calls = 0;
  const promise = db.insert("users", ["id", "email"], [1, "a"], () => (calls += 1));
  await promise;
  await pause(500);
  const { rows } = await pglite.query("select count(*)::int as n from users");
  console.log(`${rows[0].n} row inserted, ${calls} calls back, promise resolved`);
});
JS
seen=$(node run.mjs)
echo "$seen"
[ "$seen" = "1 row inserted, 0 calls back, promise resolved" ]
