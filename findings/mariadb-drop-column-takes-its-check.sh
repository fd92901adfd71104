#!/bin/sh
# One would guess that DROP COLUMN is refused while a named CHECK of the table needs the column, as it is where the CHECK
# needs a second column too, or that a message says what goes. A CHECK on this column alone goes with it, without a
# warning, even when the next statement adds a column of the same name.
# It matters to whoever makes a column anew (a virtual one can be changed in no other way) and to tools that compare
# schemas: the rule that kept rows right is gone, and no statement named it.
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
said "create table t (id int primary key, a int, constraint a_is_small check (a < 10));
create table u (id int primary key, a int, b int, constraint a_is_less check (a < b))"
alone=$(said "alter table t drop column a; alter table t add column a int as (id * 100) virtual")
left=$(said "show create table t" | grep -c a_is_small || true)
beside=$(said "alter table u drop column a" | grep -o "ERROR [0-9]*" || true)
seen="alone: [$alone], checks left $left; beside another column: $beside"
echo "$(said 'select version()'): $seen"
[ "$seen" = "alone: [], checks left 0; beside another column: ERROR 1054" ]
