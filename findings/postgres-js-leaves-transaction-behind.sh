#!/bin/sh
# One would guess that a transaction by hand (BEGIN, statements, COMMIT) is safe in Postgres.js with a pool of one, which
# its own error says: "Only use sql.begin, sql.reserved or max: 1". When the server ends the connection between two
# statements, the package connects again in silence: the next statement is a transaction of its own, and COMMIT succeeds.
# Half is rolled back, half stays, and nothing fails.
# It matters to migrators and long jobs over a pool of one. Seen with postgres 3.4.9 on PostgreSQL 15 of Debian 12: only
# the second row is there, without an error.
set -eu
bin=/usr/lib/postgresql/15/bin
folder=$(mktemp -d)
[ "$(id -u)" = 0 ] && as="setpriv --reuid=postgres --regid=postgres --clear-groups" && chown postgres "$folder" && chmod 755 "$folder" || as=""
port=54873
$as $bin/initdb -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null
$as $bin/postgres -D "$folder/data" -p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder" >"$folder/log" 2>&1 &
server=$!
trap 'kill -INT $server; wait $server || true; rm -rf "$folder"' EXIT
until psql "host=127.0.0.1 port=$port user=postgres" -c "create table t (a int)" >/dev/null 2>&1; do sleep 0.2; done
mkdir "$folder/client"
cd "$folder/client"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund postgres@3.4.9 >/dev/null
cat >run.mjs <<'JS'
import postgres from "postgres";
const sql = postgres(process.argv[2], { max: 1, onnotice: () => {} });
const other = postgres(process.argv[2], { max: 1 });
let failed = "nothing failed";
try {
  await sql`begin`;
  await sql`insert into t values (1)`;
  const [{ pid }] = await sql`select pg_backend_pid() as pid`;
  await other`select pg_terminate_backend(${pid})`;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await sql`insert into t values (2)`;
  await sql`commit`;
} catch (error) {
  failed = error.message;
}
const rows = await sql`select a from t`;
console.log(`${failed}; rows: ${rows.map(({ a }) => a).join(", ")}`);
await Promise.all([sql.end(), other.end()]);
JS
seen=$(node run.mjs "postgres://postgres@127.0.0.1:$port/postgres")
echo "$seen"
[ "$seen" = "nothing failed; rows: 2" ]
