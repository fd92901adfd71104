#!/bin/sh
# One would guess that statement_timeout ends a statement in PGlite as it does on a server, or that setting it is refused:
# SET takes it, and SHOW gives it back. Yet nothing is ever ended by it, and no message says so: it seems that there
# is no timer of the system behind the WebAssembly build.
# It matters to whoever runs SQL of others in PGlite (tests, linters, sandboxes in a browser) and bounds it this way: a
# statement that takes minutes takes them, and the one thread of the process is not there meanwhile.
# Seen with @electric-sql/pglite 0.5.17. Run by hand.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.5.17 >/dev/null
cat >run.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
const db = await PGlite.create();
await db.exec("SET statement_timeout = '50ms'");
const { rows } = await db.query("SHOW statement_timeout");
const began = performance.now();
const ended = await db.query("SELECT count(*) FROM generate_series(1, 3000000) n").then(
  ({ rows }) => `counted ${rows[0].count}`,
  (error) => error.message,
);
const took = performance.now() - began > 100 ? "in over 100 ms" : "in less";
console.log(`${rows[0].statement_timeout}: ${ended}, ${took}`);
process.exit(0);
JS
seen=$(node run.mjs)
echo "$seen"
[ "$seen" = "50ms: counted 3000000, in over 100 ms" ]
