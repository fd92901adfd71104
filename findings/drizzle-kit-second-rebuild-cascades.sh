#!/bin/sh
# One would guess that a migration which rebuilds SQLite tables keeps foreign keys off until its last rebuild.
# drizzle-kit switches them off once, and on again after the first rebuild: the DROP TABLE of the second one runs with
# foreign keys on. SQLite then deletes the dropped table's rows first, and ON DELETE CASCADE takes the rows of others.
# It matters to whoever runs such a file statement by statement, as shells and most migration tools do; inside one
# transaction the pragma does nothing. Seen with drizzle-kit 0.31.11 and SQLite of Node 24.21.0: 2 notes before, 0 after.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 drizzle-kit@0.31.11 drizzle-orm@0.45.4 >/dev/null
schema() {
  cat >schema.ts <<TS
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const posts = sqliteTable("posts", { id: integer().primaryKey(), title: text()$1 });
export const users = sqliteTable("users", { id: integer().primaryKey(), name: text()$1 });
export const notes = sqliteTable("notes", {
  id: integer().primaryKey(),
  user: integer().references(() => users.id, { onDelete: "cascade" }),
});
TS
  npx drizzle-kit generate --dialect sqlite --schema schema.ts --out out >/dev/null 2>&1
}
schema ""
schema ".notNull()"
cat >run.mjs <<'JS'
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
const db = new DatabaseSync(":memory:");
const [first, second] = readdirSync("out").filter((name) => name.endsWith(".sql")).sort();
const run = (name) => {
  for (const sql of readFileSync(`out/${name}`, "utf8").split("--> statement-breakpoint")) db.exec(sql);
};
run(first);
db.exec("insert into users values (1, 'a'); insert into notes values (1, 1), (2, 1)");
const count = () => db.prepare("select count(*) as n from notes").get().n;
const before = count();
run(second);
const order = readFileSync(`out/${second}`, "utf8").match(/foreign_keys=\w+|DROP TABLE `\w+`/g).join(", ");
console.log(`${order}; ${before} notes before, ${count()} after`);
JS
seen=$(./node_modules/.bin/node run.mjs)
echo "$seen"
[ "$seen" = 'foreign_keys=OFF, DROP TABLE `posts`, foreign_keys=ON, DROP TABLE `users`; 2 notes before, 0 after' ]
