/** `lib/start.cjs`: the first file of a release that is a folder. Its imports are Node's own, so that it is small. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boot, type Store } from "./boot.ts";
import { cacheName } from "./cache-name.ts";

/** Put here by the build: which `main.cjs` this one starts. */
declare const slipwayMainId: string;

const lib = __dirname;
const root = join(lib, "..");
const kept = join(process.env.RELEASE_TMP || join(root, "tmp"), "cache");

const cache = cacheName(slipwayMainId, process);

const store: Store = {
  lib,
  root,
  read: (name) => readFileSync(join(lib, name)),
  readCache: () => tried(() => readFileSync(join(lib, cache))) ?? tried(readKept),
  keepCache: (data) => tried(() => keep(data)),
  require: (name) => process.getBuiltinModule("node:module").createRequire(__filename)(name),
};

boot(store);

function readKept(): Buffer {
  return readFileSync(join(kept, cache));
}

/** Renamed into place, because other processes may start at the same moment. */
function keep(data: Buffer): void {
  mkdirSync(kept, { recursive: true });
  const part = join(kept, `${cache}.${process.pid}`);
  writeFileSync(part, data);
  renameSync(part, join(kept, cache));
}

/** What the cache is for is speed alone: a folder that cannot be read or written is none. */
function tried<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
