/** `lib/start.cjs`: the first file of a release that is a folder. Its imports are Node's own, so that it is small. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { distrust } from "../rpc/distrust.ts";
import { boot } from "./boot.ts";
import { cacheName, isKept } from "./cache-name.ts";
import type { Store } from "./store.ts";

/** Put here by the build: which files this one reads, as checksums by their names. */
declare const slipwayCodeIds: { readonly [file: string]: string };

const lib = __dirname;
const root = join(lib, "..");
const kept = join(process.env.RELEASE_TMP || join(root, "tmp"), "cache");

/**
 * The place of a script's code. The build names each script that it knows; for any other, nobody
 * could identify the text.
 */
const cacheOf = (name: string) => {
  const id = slipwayCodeIds[name];
  return id === undefined || !isKept(name) ? undefined : cacheName({ name, id }, process);
};

const store: Store = {
  lib,
  root,
  read: (name) => readFileSync(join(lib, name)),
  ids: slipwayCodeIds,
  readCache(name) {
    const cache = cacheOf(name);
    if (cache === undefined) return undefined;
    return tried(() => readFileSync(join(lib, cache))) ?? tried(() => readKept(cache));
  },
  keepCache(name, data) {
    const cache = cacheOf(name);
    if (cache !== undefined) tried(() => keep(cache, data));
  },
  require: (name) => process.getBuiltinModule("node:module").createRequire(__filename)(name),
};

let isTold = false;

boot(store);

/** V8 runs the code from there, so nobody else may have written it. */
function readKept(cache: string): Buffer | undefined {
  const path = join(kept, cache);
  if (refused(lstatSync(path).isSymbolicLink() ? `${path} is a link` : undefined)) return undefined;
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return refused(distrust(kept) ?? distrust(path, fstatSync(file)))
      ? undefined
      : readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Renamed into place, because other processes may start at the same moment. */
function keep(cache: string, data: Buffer): void {
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  if (refused(distrust(kept))) return;
  const part = join(kept, `${cache}.${process.pid}`);
  writeFileSync(part, data, { flag: "wx", mode: 0o600 });
  renameSync(part, join(kept, cache));
}

/** Warns once: a folder that must not be read must not be written either. */
function refused(reason: string | undefined): boolean {
  if (reason !== undefined && !isTold) {
    process.stderr.write(`warning: what V8 compiled is not kept: ${reason}\n`);
    isTold = true;
  }
  return reason !== undefined;
}

/** The cache only saves time, so a folder that cannot be read or written counts as no cache. */
function tried<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
