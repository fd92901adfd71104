#!/bin/sh
# One would guess that the package libsql, which has the interface of better-sqlite3, gives a text as it is stored.
# It gives a text with a NUL character only up to that character; better-sqlite3 and Node give the whole. The file holds
# all of it, and nothing says that anything is missing: whoever reads rows and writes them back loses the rest for ever.
# It matters to backfills and copies over @libsql/client, which reads files by this package. Seen with libsql 0.5.29:
# 3 bytes stored, 1 character read.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29 >/dev/null
cat >run.cjs <<'JS'
const db = new (require("libsql"))(":memory:");
db.exec("create table t (a text)");
db.prepare("insert into t values (?)").run("a\0b");
const { bytes, a } = db.prepare("select length(cast(a as blob)) as bytes, a from t").get();
console.log(`${bytes} bytes stored, ${a.length} character read`);
JS
seen=$(node run.cjs)
echo "$seen"
[ "$seen" = "3 bytes stored, 1 character read" ]
