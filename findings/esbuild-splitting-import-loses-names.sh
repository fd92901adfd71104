#!/bin/sh
# One would guess that `const { createConnection } = await import("mysql2/promise")` means the same in a bundle with code
# splitting as in Node: the names that Node finds in a CommonJS module, and `default` beside them.
# Yet esbuild makes a chunk of the module that exports `default` alone, and the name is undefined. Without splitting the
# same source keeps its names; esbuild warns of nothing in either case.
# It matters to whoever splits a server's bundle and loads a CommonJS driver late: it fails when it first connects.
# Seen with esbuild 0.28.2 and mysql2 3.15.3. Run by hand.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund esbuild@0.28.2 mysql2@3.15.3 >/dev/null
cat >app.mjs <<'JS'
const { createConnection } = await import("mysql2/promise");
console.log(typeof createConnection);
JS
common="app.mjs --bundle --platform=node --format=esm --log-level=warning --out-extension:.js=.mjs"
banner='import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
npx esbuild $common --outdir=whole "--banner:js=$banner"
npx esbuild $common --outdir=split --splitting "--banner:js=$banner"
seen="node $(node app.mjs), one file $(node whole/app.mjs), split $(node split/app.mjs)"
echo "$seen"
[ "$seen" = "node function, one file function, split undefined" ]
