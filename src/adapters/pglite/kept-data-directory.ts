/** A PGlite in memory, opened from a data directory that is made once and kept. */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";
import { startParams } from "./start-params.ts";

type Maker = typeof PGlite;

/** The type of PGlite's option `extensions`. */
export type PgliteExtensions = NonNullable<PGliteOptions["extensions"]>;

/** Which data directory, and how it is made where there is none. */
export type KeptDataDirectory = {
  /** The name of its content; the version of PGlite is added. */
  readonly name: string;
  readonly extensions: PgliteExtensions;
  /** Fills an empty one. Default: it stays empty. */
  readonly fill?: (client: PGlite) => Promise<void>;
};

/**
 * Opens one. The first directory is kept in `node_modules/.cache/slipway`, for this version of
 * PGlite. Where that folder cannot be written, or holds a damaged file, each one is made anew.
 */
export async function openKept(maker: Maker, directory: KeptDataDirectory): Promise<PGlite> {
  const { name, extensions, fill } = directory;
  const cache = cacheFile(name);
  const kept = await readKept(cache);
  const options = { extensions, startParams: startParams(maker) };
  if (kept !== undefined) {
    try {
      return await maker.create({ ...options, loadDataDir: new Bytes(kept) });
    } catch {
      // Damaged, as by a disk that was full.
    }
  }
  const made = await (fill === undefined
    ? // Small segments of the log: what is kept is a third smaller.
      maker.create({ ...options, initDbStartParams: small })
    : openKept(maker, { name: "empty-pglite", extensions }));
  await fill?.(made);
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
function cacheFile(name: string): string | undefined {
  const folder = nearestModules(process.cwd());
  return folder && join(folder, ".cache", "slipway", `${name}-${pgliteVersion()}.tar.zst`);
}

/** The version of the PGlite that is installed. */
export function pgliteVersion(): string {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  // Read, because Deno requires no JSON.
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(dirname(main), "../package.json"), "utf8"),
  );
  return version;
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
