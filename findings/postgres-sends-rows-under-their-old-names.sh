#!/bin/sh
# One would guess that a paused subscription is a safe moment to rename a column on both sides, because nothing is sent meanwhile.
# PostgreSQL's logical replication decodes a row with the catalog of the moment when it was written: a row that waited in
# the pause still arrives under the old name, and stops the subscription, although both sides agree.
# It matters to everyone who renames a replicated column: rename on the publisher first, and on the subscriber
# once it has every row from before. That order works, as the second half shows.
# Needs Debian's postgresql-15. Seen with PostgreSQL 15: missing replicated column: "state".
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
run() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() { run $bin/pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap end EXIT
chmod 777 "$folder"
port=54395
run $bin/initdb -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
run $bin/pg_ctl -D "$folder/data" -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c wal_level=logical -c wal_retrieve_retry_interval=200ms" -l "$folder/log" -w start >/dev/null
ask() { run $bin/psql -h 127.0.0.1 -p $port -U postgres -Atq -c "$2" "$1" 2>&1; }
for one in here there; do ask postgres "create database $one"; done
# Two databases of one server need the slot made by hand.
for one in here there; do ask $one "create table orders (id int primary key, state text)"; done
ask here "create publication feed for table orders" && ask here "select pg_create_logical_replication_slot('s', 'pgoutput')" >/dev/null
ask there "create subscription s connection 'host=127.0.0.1 port=$port user=postgres dbname=here' publication feed with (create_slot = false)"
wait_for() { i=0; until [ "$(ask "$1" "$2")" = "$3" ]; do i=$((i + 1)); [ $i -lt 150 ] || { echo "waited for: $2"; exit 1; }; sleep 0.2; done; }
wait_for there "select count(*) from pg_subscription_rel where srsubstate = 'r'" 1
rename="alter table orders rename column state to status"
ask there "alter subscription s disable"
ask here "insert into orders values (1, 'new')"
for one in here there; do ask $one "$rename"; done
ask there "alter subscription s enable"
i=0
until grep -q 'is missing replicated column: "state"' "$folder/log"; do i=$((i + 1)); [ $i -lt 150 ] || { echo "the row arrived"; exit 1; }; sleep 0.2; done
grep -o 'logical replication target relation.*' "$folder/log" | head -1
# The other order: the old name here lets the row in, and then the new name goes on.
ask there "alter table orders rename column status to state"
wait_for there "select count(*) from orders" 1
ask there "$rename"
ask here "insert into orders values (2, 'new')"
wait_for there "select count(*) from orders" 2
echo "both rows are there"
