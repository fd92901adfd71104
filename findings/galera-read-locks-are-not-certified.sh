#!/bin/sh
# One would guess that a transaction which holds a row by SELECT ... FOR UPDATE commits before another node changes that
# row, or fails. Galera certifies what is written, and what is only locked is not: if the holder has sent its own writes
# already, it is replayed behind the other node's change and commits without an error. Writing the row never does so.
# It matters to everyone who fences by a row: the commit comes after the lease has another owner, who has looked already.
# Counts rounds in which the new owner, after a causal read, missed a row that the old one committed.
# Seen with MariaDB 10.11 and galera-4 of Debian 12, two nodes. Run by hand.
set -eu
folder=$(mktemp -d)
user=
[ "$(id -u)" = 0 ] && chown mysql "$folder" && user=--user=mysql
mariadbd=$(command -v mariadbd || echo /usr/sbin/mariadbd)
base=$((20000 + $$ % 20000))
pids=
trap 'kill $pids; wait $pids || true; rm -rf "$folder" || true' EXIT
node() {
  at=$((base + $1 * 10))
  "$mariadbd" --no-defaults $user --datadir="$folder/$1" --socket="$folder/s$1" --bind-address=127.0.0.1 --port=$at \
    --binlog-format=ROW --innodb-autoinc-lock-mode=2 --innodb-flush-log-at-trx-commit=0 --wsrep-on=ON \
    --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-sst-method=rsync \
    --wsrep-cluster-address="gcomm://127.0.0.1:$((base + 11)),127.0.0.1:$((base + 21))" \
    --wsrep-node-address="127.0.0.1:$((at + 1))" --wsrep-sst-receive-address="127.0.0.1:$((at + 2))" \
    --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$((at + 1));ist.recv_addr=127.0.0.1:$((at + 3))" \
    $2 >"$folder/log$1" 2>&1 &
  pids="$pids $!"
}
client() { n=$1; shift; mariadb --no-defaults -u root -S "$folder/s$n" -N -B "$@"; }
mariadb-install-db $user --datadir="$folder/1" --auth-root-authentication-method=normal >/dev/null 2>&1
mkdir "$folder/2"
[ -z "$user" ] || chown mysql "$folder/2"
node 1 --wsrep-new-cluster
until client 1 -e "create database if not exists d" >/dev/null 2>&1; do sleep 0.2; done
node 2 ""
until client 2 -e "show status like 'wsrep_ready'" 2>/dev/null | grep -q ON; do sleep 0.2; done
client 1 d -e "create table lease (id int primary key, owner int, proofs int); insert into lease values (1, 1, 0);
create table work (round int primary key); create table missed (how varchar(9), round int, primary key (how, round))"
rounds=400
# The old owner, on node 1, and the new one, on node 2, meet at each whole round by the clock of the machine.
meet() { echo "do sleep(greatest(0, $1 - unix_timestamp(sysdate(6))))"; }
try() { # name of the proof, its statement
  client 1 d -e "delete from work; update lease set owner = 1"
  start=$(($(date +%s) + 2))
  old= new=
  for i in $(seq $rounds); do
    at=$(awk "BEGIN { printf \"%.3f\", $start + $i * 0.03 }")
    ready=$(awk "BEGIN { printf \"%.3f\", $at - 0.012 }")
    shift_=$(awk "BEGIN { printf \"%.4f\", $at + (($i * 7) % 31 - 15) / 10000 }")
    old="$old $(meet "$ready"); start transaction; $2; insert into work values ($i); $(meet "$at"); commit;"
    new="$new $(meet "$shift_"); update lease set owner = 2 where id = 1; set wsrep_sync_wait = 1;
      set @seen = (select count(*) from work where round = $i); set wsrep_sync_wait = 0;
      do sleep(0.004); insert into missed select '$1', $i from work where round = $i and @seen = 0;
      update lease set owner = 1 where id = 1;"
  done
  echo "$old" | client 1 d -f >/dev/null 2>&1 &
  first=$!
  echo "$new" | client 2 d -f >/dev/null 2>&1 || true
  wait $first || true
  client 1 -e "set wsrep_sync_wait = 1; select count(*) from d.missed where how = '$1'"
}
locked=$(try locked "select 1 from lease where id = 1 and owner = 1 for update")
written=$(try written "update lease set proofs = proofs + 1 where id = 1 and owner = 1")
echo "$(client 1 -e 'select version()'): of $rounds commits behind the back of the new owner: $locked with a locked row, $written with a written one"
[ "$locked" -gt 0 ] && [ "$written" = 0 ]
