#!/bin/sh
# One would guess that a statement inside an explicit transaction runs where the transaction is.
# Pgpool-II with load balancing sends a SHOW, and a SELECT that only reads, to the standby of the session, also between
# BEGIN and COMMIT, unless it notices a write: behind "begin; create table t …" in one text the table is not found.
# It matters to everyone who reads what the transaction wrote, or keeps it alive with a small question: the standby answers.
# Needs Debian's postgresql-15 and pgpool2. Seen with Pgpool-II 4.3.5 and PostgreSQL 15: a SHOW alone says on, two in one
# text say off, and relation "t" does not exist.
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
run() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() { kill "$(cat "$folder/pgpool.pid" 2>/dev/null)" 2>/dev/null || true; for one in standby primary; do run $bin/pg_ctl -D "$folder/$one" -m immediate stop >/dev/null 2>&1 || true; done; rm -rf "$folder"; }
trap end EXIT
chmod 777 "$folder"
port=54391
start() { run $bin/pg_ctl -D "$folder/$1" -o "-p $2 -k $folder -c listen_addresses=127.0.0.1" -l "$folder/$1.log" -w start >/dev/null; }
run $bin/initdb -D "$folder/primary" -U postgres -A trust --no-sync >/dev/null
start primary $port
run $bin/pg_basebackup -h 127.0.0.1 -p $port -U postgres -D "$folder/standby" -R >/dev/null
start standby $((port + 1))
ask() { run $bin/psql -h 127.0.0.1 -p "$1" -U postgres -Atqc "$2" postgres; }
ask $port "create table a as select 1 as n"
until [ "$(ask $((port + 1)) "select count(*) from pg_class where relname = 'a'")" = 1 ]; do sleep 0.1; done
ask $((port + 1)) "select pg_wal_replay_pause()" >/dev/null
cat >"$folder/pgpool.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $((port + 2))
pcp_listen_addresses = ''
socket_dir = '$folder'
pcp_socket_dir = '$folder'
pid_file_name = '$folder/pgpool.pid'
logdir = '$folder'
work_dir = '$folder'
backend_clustering_mode = 'streaming_replication'
backend_hostname0 = '127.0.0.1'
backend_port0 = $port
backend_weight0 = 0
backend_hostname1 = '127.0.0.1'
backend_port1 = $((port + 1))
backend_weight1 = 1
load_balance_mode = on
delay_threshold = 0
num_init_children = 4
sr_check_user = 'postgres'
sr_check_database = 'postgres'
CONF
chmod 644 "$folder/pgpool.conf"
run pgpool -n -f "$folder/pgpool.conf" >"$folder/pgpool.log" 2>&1 &
until ask $((port + 2)) "select 1" >/dev/null 2>&1; do sleep 0.2; done
# psql sends each -c by itself, over one connection.
seen=$(run $bin/psql -h 127.0.0.1 -p $((port + 2)) -U postgres -Atq -c "begin; create table t as select 2 as n" \
  -c "show transaction_read_only" -c "show transaction_isolation; show transaction_read_only" -c "select n from t" postgres 2>&1 | tr '\n' ' ')
echo "$seen"
case "$seen" in "on "*"off "*'relation "t" does not exist'*) ;; *) exit 1 ;; esac
