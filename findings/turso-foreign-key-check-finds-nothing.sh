#!/bin/sh
# One would guess that Turso's own engine answers PRAGMA foreign_key_check as SQLite does, or says that it cannot.
# It has no such pragma, and an unknown pragma gives no rows, as in SQLite; but no rows is also what "all is well" looks
# like. foreign_keys and foreign_key_list work, and violations are refused while foreign_keys is on, so nothing warns.
# It matters to every tool that rebuilds a table with foreign_keys off and checks before the commit, SQLite's own
# advice (lang_altertable.html, step 10). Seen with @tursodatabase/database 0.7.2 beside sql.js 1.17.0: 1 violation
# there, 0 here, for the same rows.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @tursodatabase/database@0.7.2 sql.js@1.17.0 >/dev/null
cat >run.mjs <<'JS'
import { connect } from "@tursodatabase/database";
import initSqlJs from "sql.js";

const rows = `create table author (id integer primary key);
create table book (author integer references author (id));
insert into book values (9);`;
const sqlite = new (await initSqlJs()).Database();
sqlite.exec(rows);
const there = sqlite.exec("pragma foreign_key_check")[0]?.values.length ?? 0;

const turso = await connect(":memory:");
await turso.exec(rows);
const all = async (sql) => (await turso.prepare(sql)).all();
const here = (await all("pragma foreign_key_check")).length;
const keys = (await all("pragma foreign_key_list(book)")).length;
await turso.exec("pragma foreign_keys = on");
const unknown = (await all("pragma no_such_pragma")).length;
const refused = await turso.exec("insert into book values (8)").catch((error) => error.message);
console.log(`SQLite ${there}, Turso ${here} of ${keys} foreign key, ${unknown} rows of an unknown pragma; ${refused}`);
JS
seen=$(node run.mjs)
echo "$seen"
case "$seen" in
"SQLite 1, Turso 0 of 1 foreign key, 0 rows of an unknown pragma; "*"FOREIGN KEY constraint failed"*) ;;
*) exit 1 ;;
esac
