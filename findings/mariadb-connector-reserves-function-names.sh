#!/bin/sh
# One would guess that a session's sql_mode is the server's until somebody sets it. The connector of MariaDB for Node.js
# adds IGNORE_SPACE to it with a flag at the login, and has no option against that: the names of functions then are
# reserved words, and CREATE TABLE count, which every other client runs, is a syntax error.
# It matters to tools that run the same SQL through several drivers, and to a dump that is read back through this one.
# Seen with mariadb 3.5.4 on MariaDB 10.11 of Debian 12: the shell makes the table, the connector gives 1064.
set -eu
folder=$(mktemp -d)
user=
[ "$(id -u)" = 0 ] && chown mysql "$folder" && chmod 755 "$folder" && user=--user=mysql
mariadb-install-db $user --datadir="$folder/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd=$(command -v mariadbd || echo /usr/sbin/mariadbd)
"$mariadbd" --no-defaults $user --datadir="$folder/data" --socket="$folder/s" --skip-networking >"$folder/log" 2>&1 &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$folder" || true' EXIT
until mariadb --no-defaults -u root -S "$folder/s" -e "create database if not exists d" >/dev/null 2>&1; do sleep 0.2; done
mariadb --no-defaults -u root -S "$folder/s" d -e "create table count (id int); drop table count"
mkdir "$folder/client"
cd "$folder/client"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mariadb@3.5.4 >/dev/null
cat >run.mjs <<'JS'
import { createConnection } from "mariadb";
const connection = await createConnection({ socketPath: process.argv[2], user: "root", database: "d" });
const [{ added }] = await connection.query("select replace(@@sql_mode, @@global.sql_mode, '') as added");
const made = await connection.query("create table count (id int)").then(() => "made", (error) => error.errno);
console.log(`added ${added.replace(",", "")}; create table count: ${made}`);
await connection.end();
JS
seen=$(node run.mjs "$folder/s")
echo "$seen"
[ "$seen" = "added IGNORE_SPACE; create table count: 1064" ]
