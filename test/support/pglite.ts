/** PGlite from a data directory that was prepared once: making one takes most of the time of opening it. */
import { openAsBlob } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const cache = resolve(import.meta.dirname, "../../node_modules/.cache");

/** Opens an empty one, in memory. */
export async function openPglite(): Promise<PGlite> {
  const file = await preparedFile();
  const isThere = await stat(file).catch(() => undefined);
  return PGlite.create(isThere === undefined ? {} : { loadDataDir: await openAsBlob(file) });
}

/** Prepares the data directory of this version of PGlite, unless an earlier run has. */
export async function preparePglite(): Promise<void> {
  const file = await preparedFile();
  if ((await stat(file).catch(() => undefined)) !== undefined) return;
  const client = await PGlite.create();
  const dump = await client.dumpDataDir("none");
  await client.close();
  await mkdir(cache, { recursive: true });
  const part = `${file}.${process.pid}`;
  await writeFile(part, Buffer.from(await dump.arrayBuffer()));
  // Another run may read it already, so it appears as a whole.
  await rename(part, file);
}

async function preparedFile(): Promise<string> {
  const main = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const { version } = JSON.parse(
    await readFile(join(dirname(dirname(main)), "package.json"), "utf8"),
  );
  return join(cache, `pglite-${version}.tar`);
}
