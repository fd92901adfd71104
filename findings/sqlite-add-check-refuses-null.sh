#!/bin/sh
# One would guess that SQLite's ADD CONSTRAINT … CHECK, new in 3.53, takes the rows that the same check takes when they
# are written: those for which it is not false. A row for which it is NULL it refuses, with nothing but "constraint
# failed", though the row may be written right after, and CREATE TABLE with that check takes it. It matters to tools
# that alter tables in place: with one NULL in the column, a check of it can only come with a rebuild.
# Seen with Node 24.21.0, which has SQLite 3.53.4; better-sqlite3 13.2.0, with 3.54.1, takes the row.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 >/dev/null
cat >run.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync(":memory:");
db.exec("create table t (a integer); insert into t values (1), (null)");
const tried = (sql) => {
  try {
    db.exec(sql);
    return "taken";
  } catch ({ message }) {
    return message;
  }
};
const altered = tried("alter table t add constraint k check (a > 0)");
db.exec("create table u (a integer, constraint k check (a > 0))");
console.log(`${altered}; ${tried("insert into u select a from t")}`);
JS
seen=$(node_modules/.bin/node --no-warnings run.mjs)
echo "$seen"
[ "$seen" = "constraint failed; taken" ]
