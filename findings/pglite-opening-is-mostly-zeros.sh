#!/bin/sh
# One would guess that opening a PGlite from a ready data directory costs reading that directory, about 1,000 files.
# Two fifths of its processor time go into filling the server's buffers with zeros: shared_buffers is 128 MB, as
# on a server that starts once a month, and a PGlite starts with each test file and each command. The start parameter
# `-c shared_buffers=8MB` takes it away; a line in the directory's own postgresql.conf would, too. It matters to whoever
# opens many of them, as a test suite does. Seen with @electric-sql/pglite 0.5.16: more than 1.4 times the time.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.5.16 >/dev/null
cat >run.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
const first = await PGlite.create();
const loadDataDir = await first.dumpDataDir("none");
await first.close();
const small = [...PGlite.defaultStartParams, "-c", "shared_buffers=8MB"];
const cost = async (options) => {
  const before = process.cpuUsage();
  const client = await PGlite.create({ loadDataDir, ...options });
  const { user, system } = process.cpuUsage(before);
  await client.close();
  return (user + system) / 1000;
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const plain = [];
const less = [];
for (let round = 0; round < 7; round++) {
  plain.push(await cost({}));
  less.push(await cost({ startParams: small }));
}
const [a, b] = [median(plain), median(less)];
console.error(`processor time to open one: ${a.toFixed(0)} ms, with small buffers ${b.toFixed(0)} ms`);
console.log(a > 1.4 * b ? "more than 1.4 times" : `only ${(a / b).toFixed(2)} times`);
process.exit(0);
JS
seen=$(node --no-wasm-tier-up --no-wasm-dynamic-tiering run.mjs)
echo "$seen"
[ "$seen" = "more than 1.4 times" ]
