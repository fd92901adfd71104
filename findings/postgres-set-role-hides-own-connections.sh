#!/bin/sh
# One would guess that a connection that did SET ROLE still sees, and may end, other connections of its own login.
# It does not: PostgreSQL 15 asks the role. Start time and query of the login's connections are hidden, and
# pg_terminate_backend is refused, until SET ROLE NONE. RESET ROLE is no way back when the role came with the connection.
# It matters to tools that work as an owner role and watch, cancel or end their own earlier connections.
# Seen with PostgreSQL 15.18 (Debian): "hidden, refused" as the role, "shown, ended" as the login. Run by hand.
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
[ "$(id -u)" = 0 ] && as="setpriv --reuid=postgres --regid=postgres --clear-groups" && chown postgres "$folder" || as=""
port=54871
url="host=127.0.0.1 port=$port dbname=postgres"
$as $bin/initdb -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null
$as $bin/postgres -D "$folder/data" -p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" >"$folder/log" 2>&1 &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$folder"' EXIT
until psql "$url user=postgres" -c "select 1" >/dev/null 2>&1; do sleep 0.2; done
psql -q "$url user=postgres" -c "create role login_user login; create role owner_role; grant owner_role to login_user"

psql -q "$url user=login_user application_name=earlier" -c "select pg_sleep(20)" >/dev/null 2>&1 &
until [ "$(psql -At "$url user=postgres" -c "select count(*) from pg_stat_activity where application_name = 'earlier' and state = 'active'")" = 1 ]; do sleep 0.1; done

look="select case when backend_start is null and query = '<insufficient privilege>' then 'hidden' else 'shown' end from pg_stat_activity where usename = 'login_user' and pid <> pg_backend_pid()"
end="select case when pg_terminate_backend(pid) then 'ended' end from pg_stat_activity where usename = 'login_user' and pid <> pg_backend_pid()"
# The role comes with the connection, as an option, so RESET ROLE would come back to it.
try() { psql -At "$url user=login_user options='-c role=owner_role'" -c "$1" -c "$2" 2>&1 | tail -1 | sed "s/^ERROR:.*terminate.*/refused/;s/^DETAIL:.*/refused/"; }
as_role="$(try "reset role" "$look"), $(try "reset role" "$end")"
as_login="$(try "set role none" "$look"), $(try "set role none" "$end")"
version=$(psql -At "$url user=postgres" -c "show server_version")
echo "PostgreSQL $version; as the role: $as_role; as the login: $as_login"
[ "$as_role" = "hidden, refused" ] && [ "$as_login" = "shown, ended" ]
