#!/bin/sh
# One would guess that a SELECT on the catalog, or on information_schema.columns, waits for no lock on a table.
# It does, as soon as an expression or a size is written out: pg_get_expr, pg_get_constraintdef, pg_get_indexdef and
# pg_relation_size open the table, so a migration that holds ACCESS EXCLUSIVE keeps every reader of its schema waiting.
# It matters to tools that look at a schema (ORMs, dashboards, exporters) while something is altered.
# Seen with PostgreSQL 15.18 (Debian) and 18.4: four wait, names and types alone do not. Run by hand.
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
[ "$(id -u)" = 0 ] && as="setpriv --reuid=postgres --regid=postgres --clear-groups" && chown postgres "$folder" || as=""
port=54873
url="host=127.0.0.1 port=$port dbname=postgres user=postgres"
$as $bin/initdb -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null
$as $bin/postgres -D "$folder/data" -p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" >"$folder/log" 2>&1 &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$folder"' EXIT
until psql "$url" -c "select 1" >/dev/null 2>&1; do sleep 0.2; done
psql -q "$url" -c "create table t (id int default 1, check (id > 0)); create index i on t ((id + 1))"

psql -q "$url application_name=holder" -c "begin" -c "lock table t in access exclusive mode" -c "select pg_sleep(60)" >/dev/null 2>&1 &
until [ "$(psql -At "$url" -c "select count(*) from pg_stat_activity where application_name = 'holder' and query like '%pg_sleep%' and state = 'active'")" = 1 ]; do sleep 0.1; done

ask() { psql -At "$url options='-c lock_timeout=500ms'" -c "$1" 2>&1 | grep -q "lock timeout" && echo waits || echo free; }
columns=$(ask "select column_default from information_schema.columns where table_name = 't'")
constraint=$(ask "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 't'::regclass")
index=$(ask "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 't'::regclass")
size=$(ask "select pg_relation_size('t')")
types=$(ask "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't'::regclass")
version=$(psql -At "$url" -c "show server_version")
echo "PostgreSQL $version: information_schema.columns $columns, pg_get_constraintdef $constraint, pg_get_indexdef $index, pg_relation_size $size, format_type $types"
[ "$columns $constraint $index $size $types" = "waits waits waits waits free" ]
