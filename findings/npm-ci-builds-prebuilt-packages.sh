#!/bin/sh
# One would guess that `npm ci` installs from a lockfile what `npm install` installed when it wrote that lockfile. A package
# with binaries inside and `gypfile: false` in its package.json (so that nobody compiles it) is left alone by the install;
# the lockfile has no word of that, so `npm ci` finds its binding.gyp and runs `node-gyp rebuild`: green where there are a
# compiler, Python and Node's headers, an error on a plain machine, in a slim image or without a network for the headers.
# `"gypfile": false` written into its entry of the lockfile is read, and is lost when npm writes the lockfile again.
# It matters to whoever ships native drivers or tests on them. Seen with npm 11.19.1, better-sqlite3 13.2.0. Run by hand.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# No headers there: a build fails at once, and downloads nothing.
export npm_config_nodedir="$folder/nowhere"
npm init -y >/dev/null
how() { "$@" >log 2>&1 && echo installed || { grep -q "gyp ERR" log && echo "ran node-gyp" || echo "failed otherwise"; }; }
installed=$(how npm install --no-audit --no-fund better-sqlite3@13.2.0)
said=$(node -p 'require("better-sqlite3/package.json").gypfile')
inLock=$(grep -c gypfile package-lock.json || true)
rm -rf node_modules
again=$(how npm ci --no-audit --no-fund)
sed -i 's/"node_modules\/better-sqlite3": {/&\n"gypfile": false,/' package-lock.json
rm -rf node_modules
told=$(how npm ci --no-audit --no-fund)
seen="install: $installed; gypfile: $said, $inLock times in the lockfile; ci: $again; ci with gypfile in the lockfile: $told"
echo "npm $(npm --version): $seen"
[ "$seen" = "install: installed; gypfile: false, 0 times in the lockfile; ci: ran node-gyp; ci with gypfile in the lockfile: installed" ]
