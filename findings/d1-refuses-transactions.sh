#!/bin/sh
# One would guess that Cloudflare D1, which is SQLite, takes the SQL of SQLite.
# It refuses BEGIN and SAVEPOINT, and sqlite_version(); PRAGMA foreign_keys = OFF is answered like any other, and changes
# nothing. Statements that belong together go through batch(), which is rolled back whole.
# Seen with miniflare 4.20260730 and workerd 1.20260730: BEGIN refused, foreign_keys stays 1, 0 rows after a failed batch.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund miniflare@4.20260730.0 >/dev/null
cat >run.mjs <<'JS'
import { Miniflare } from "miniflare";
const script = "export default { fetch() { return new Response('ok') } }";
const mf = new Miniflare({ modules: true, script, d1Databases: { DB: "shop" }, compatibilityDate: "2026-07-01" });
const db = await mf.getD1Database("DB");
const all = (sql) => db.prepare(sql).all().then(({ results }) => JSON.stringify(results), (error) => error.message);
const begin = /use the state.storage.transaction/.test(await all("BEGIN")) ? "BEGIN refused" : "BEGIN taken";
await all("PRAGMA foreign_keys = OFF");
const keys = await all("PRAGMA foreign_keys");
await all("CREATE TABLE a (id INTEGER PRIMARY KEY)");
await db.batch([1, 1].map((id) => db.prepare("INSERT INTO a VALUES (?)").bind(id))).catch(() => undefined);
console.log(`${begin}, ${keys}, ${await all("SELECT count(*) AS n FROM a")}`);
await mf.dispose();
JS
seen=$(node run.mjs)
echo "$seen"
[ "$seen" = 'BEGIN refused, [{"foreign_keys":1}], [{"n":0}]' ]
