#!/bin/sh
# One would guess that a column's new name reaches everything that uses the column, or that the rename is refused: checks,
# generated columns, expression defaults, indexes and foreign keys do follow it. Triggers and views keep the old name, the
# statement ends without a warning, and from then on every insert that fires the trigger fails. So does DROP COLUMN.
# It matters to whoever renames a column under traffic on MariaDB: the application's writes stop, and not the migration.
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
client() { mariadb --no-defaults -u root -S "$folder/s" -N -B "$@"; }
until client -e "create database if not exists d" >/dev/null 2>&1; do sleep 0.2; done
said() { client --show-warnings -e "$1" d 2>&1 || true; }
said "create table seen (x int);
create table t (id int primary key, a int, twice int as (a * 2), b int default (a + 1), d int, check (a > 0));
create trigger keep before insert on t for each row insert into seen values (new.a);
create trigger keep_d before update on t for each row set new.id = new.d;
create view v as select a from t;
insert into t (id, a, d) values (1, 2, 1)"
renamed=$(said "alter table t rename column a to z; alter table t drop column d")
defined=$(said "show create table t" | grep -c '`a`' || true)
written=$(said "insert into t (id, z) values (2, 2)" | grep -o "ERROR [0-9]*" || true)
updated=$(said "update t set id = 3" | grep -o "ERROR [0-9]*" || true)
read=$(said "select * from v" | grep -o "ERROR [0-9]*" || true)
seen="rename and drop said [$renamed]; the old name in the table: $defined; insert: $written; update: $updated; view: $read"
echo "$(said 'select version()'): $seen"
[ "$seen" = "rename and drop said []; the old name in the table: 0; insert: ERROR 1054; update: ERROR 1054; view: ERROR 1356" ]
