#!/bin/sh
# One would guess that information_schema.tables.CREATE_TIME says when a table was made, so that it tells a table from
# another one that took its name. In MariaDB it is the time of its last definition: an instant ADD COLUMN moves it, and
# so does a RENAME to another name and back, which changes nothing. InnoDB's TABLE_ID stays the same through both.
# It matters to tools that keep a table's identity while others may swap it: online schema changes, backfills, drift.
# Seen with MariaDB 10.11 of Debian 12. Run by hand.
set -eu
folder=$(mktemp -d)
user=
[ "$(id -u)" = 0 ] && chown mysql "$folder" && user=--user=mysql
mariadb-install-db $user --datadir="$folder/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd=$(command -v mariadbd || echo /usr/sbin/mariadbd)
"$mariadbd" --no-defaults $user --datadir="$folder/data" --socket="$folder/s" --skip-networking >"$folder/log" 2>&1 &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$folder" || true' EXIT
sql() { mariadb --no-defaults -u root -S "$folder/s" -N -B -e "$1" d 2>/dev/null; }
until mariadb --no-defaults -u root -S "$folder/s" -e "create database if not exists d" >/dev/null 2>&1; do sleep 0.2; done
time_of() { sql "select create_time from information_schema.tables where table_schema = 'd' and table_name = 't'"; }
id_of() { sql "select table_id from information_schema.innodb_sys_tables where name = 'd/t'"; }
changed() { [ "$1" = "$2" ] && echo same || echo changed; }
sql "create table t (a int primary key) engine=innodb"
time=$(time_of) id=$(id_of)
sleep 2
sql "alter table t add column b int, algorithm=instant"
altered="$(changed "$time" "$(time_of)") time, $(changed "$id" "$(id_of)") id"
time=$(time_of)
sleep 2
sql "rename table t to u, u to t"
renamed="$(changed "$time" "$(time_of)") time, $(changed "$id" "$(id_of)") id"
seen="instant add column: $altered; renamed and back: $renamed"
echo "$(sql 'select version()'): $seen"
[ "$seen" = "instant add column: changed time, same id; renamed and back: changed time, same id" ]
