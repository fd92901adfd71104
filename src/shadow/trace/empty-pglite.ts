/** An empty PGlite in memory, opened from a data directory that is made once and kept. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";
import { startParams } from "../../adapters/pglite/start-params.ts";

type Maker = typeof PGlite;
type Extensions = NonNullable<PGliteOptions["extensions"]>;

/**
 * Opens one. PGlite makes a data directory by running all of `initdb`, which takes most of the time of opening an
 * empty database, so the first one is kept in `node_modules/.cache/slipway`, for this version of PGlite. Where that
 * folder cannot be written, or holds a damaged file, each one is made anew.
 */
export async function openEmptyPglite(maker: Maker, extensions: Extensions = {}): Promise<PGlite> {
  const cache = cacheFile();
  const kept = await readKept(cache);
  const options = { extensions, startParams: startParams(maker) };
  if (kept !== undefined) {
    try {
      return await maker.create({ ...options, loadDataDir: new Bytes(kept) });
    } catch {
      // Damaged, as by a disk that was full.
    }
  }
  // Small segments of the log: what is kept is a third smaller.
  const made = await maker.create({ ...options, initDbStartParams: small });
  if (cache !== undefined) await keep(cache, await made.dumpDataDir("none")).catch(() => undefined);
  return made;
}

const small = ["--wal-segsize=1", "--set", "shared_buffers=8MB"];

async function readKept(file: string | undefined): Promise<ArrayBuffer | undefined> {
  if (file === undefined || !existsSync(file)) return undefined;
  try {
    const { buffer, byteOffset, byteLength } = await promisify(zstdDecompress)(
      await readFile(file),
    );
    const whole = byteOffset === 0 && byteLength === buffer.byteLength;
    return (whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
  } catch {
    return undefined;
  }
}

/** Another process may read it at any time, so it appears as a whole. */
async function keep(file: string, dump: Blob): Promise<void> {
  const packed = await promisify(zstdCompress)(await dump.arrayBuffer());
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  await writeFile(part, packed);
  await rename(part, file);
}

/** @returns nothing where no folder above has a `node_modules` */
function cacheFile(): string | undefined {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const { version } = createRequire(main)("../package.json") as { readonly version: string };
  const folder = nearestModules(process.cwd());
  return folder && join(folder, ".cache", "slipway", `empty-pglite-${version}.tar.zst`);
}

function nearestModules(folder: string): string | undefined {
  const here = join(folder, "node_modules");
  if (existsSync(here)) return here;
  const above = dirname(folder);
  return above === folder ? undefined : nearestModules(above);
}

/** A Blob copies its bytes twice before it gives them. */
class Bytes extends Blob {
  readonly #bytes: ArrayBuffer;

  constructor(bytes: ArrayBuffer) {
    super([]);
    this.#bytes = bytes;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes;
  }
}
