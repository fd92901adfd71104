#!/bin/sh
# One would guess: an import() that failed before any code ran can be made again once its cause is gone.
# So it is for a module that was not found or not parsed. A module that asks for a name that another one does not
# export (as `import { SomeType }` does when only types are left out) is kept as failed for the whole process.
# It matters to whoever mends sources on the way: a loader that falls back to a compiler, a watcher, a test runner.
# Seen with Node 24.21.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 >/dev/null
cat >try.mjs <<'JS'
import { writeFileSync } from "node:fs";
const again = async (name, broken, mended, file = `${name}.mjs`) => {
  if (broken !== undefined) writeFileSync(file, broken);
  if (name !== file.replace(".mjs", "")) writeFileSync(`${name}.mjs`, `import "./${file}";`);
  const first = await import(`./${name}.mjs`).then(() => "ran", (error) => error.code ?? error.name);
  writeFileSync(file, mended);
  const second = await import(`./${name}.mjs`).then(() => "ran", (error) => error.code ?? error.name);
  return `${name}: ${first}, then ${second}`;
};
writeFileSync("other.mjs", "export const a = 1;");
console.log(process.version);
console.log(await again("not-found", undefined, "export {};", "late.mjs"));
console.log(await again("not-parsed", "export const = ;", "export {};"));
console.log(await again("not-linked", 'import { B } from "./other.mjs";', 'import { a } from "./other.mjs";'));
JS
seen=$(./node_modules/.bin/node try.mjs)
echo "$seen"
expected="v24.21.0
not-found: ERR_MODULE_NOT_FOUND, then ran
not-parsed: SyntaxError, then ran
not-linked: SyntaxError, then SyntaxError"
[ "$seen" = "$expected" ] || { echo "changed"; exit 1; }
