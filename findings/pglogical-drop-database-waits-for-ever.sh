#!/bin/sh
# One would guess that an extension that no database has created changes nothing for DROP DATABASE.
# With pglogical in shared_preload_libraries, DROP DATABASE waits for ever on PostgreSQL 15: the server asks each of its
# processes to let go of the files (ProcSignalBarrier), and the supervisor of pglogical does not answer. No lock shows it,
# no timeout of a lock ends it; statement_timeout does. It matters to tests, and to whoever has a database for each tenant.
# Needs Debian's postgresql-15 and postgresql-15-pglogical. Seen with PostgreSQL 15.20 and pglogical 2.4.2: ended by the
# timeout of 5 s, waiting for ProcSignalBarrier; without pglogical it takes no time.
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
chmod 777 "$folder"
run() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop() { run $bin/pg_ctl -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; }
trap 'stop; rm -rf "$folder"' EXIT
run $bin/initdb -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
ask() { run $bin/psql -h "$folder" -p 54395 -U postgres -Atqc "$1" postgres; }
# Whether the database could be dropped, with these libraries.
dropped() {
  run $bin/pg_ctl -D "$folder/data" -l "$folder/log" -w start \
    -o "-p 54395 -k $folder -c listen_addresses= -c shared_preload_libraries=$1" >/dev/null
  ask "create database x"
  run env PGOPTIONS="-c statement_timeout=5s" $bin/psql -h "$folder" -p 54395 -U postgres -qc "drop database x" postgres >/dev/null 2>&1 &
  sleep 3
  waits=$(ask "select coalesce(string_agg(wait_event, ' '), 'nothing') from pg_stat_activity where query = 'drop database x'")
  wait $! && echo "dropped" || echo "not dropped, waited for $waits"
  stop
}
with=$(dropped pglogical)
rm -rf "$folder/data" && run $bin/initdb -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
without=$(dropped "")
echo "with pglogical: $with; without: $without"
[ "$with; $without" = "not dropped, waited for ProcSignalBarrier; dropped" ]
