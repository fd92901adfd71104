/** PGlite from a data directory that was prepared once: making one takes most of the time of opening it. */
import { cpSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { openEmptyPglite } from "../../src/shadow/trace/empty-pglite.ts";

const require = createRequire(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
const { version } = require("../package.json") as { readonly version: string };
const prepared = resolve(
  import.meta.dirname,
  `../../node_modules/.cache/slipway-tests/pglite-${version}`,
);

/** Opens an empty one, in memory. */
export function openPglite(): Promise<PGlite> {
  return openEmptyPglite(PGlite);
}

/** Makes a folder that PGlite finds an empty database in. */
export function makePgliteFolder(folder: string): void {
  cpSync(prepared, folder, { recursive: true });
}

/** Prepares what the others take, for this version of PGlite, unless an earlier run has. */
export async function preparePglite(): Promise<void> {
  if (existsSync(prepared)) return;
  const client = await openPglite();
  const part = `${prepared}.${process.pid}`;
  mkdirSync(dirname(part), { recursive: true });
  await (await PGlite.create(part, { loadDataDir: await client.dumpDataDir("none") })).close();
  await client.close();
  // Another run may read it already, so it appears as a whole.
  if (!existsSync(prepared)) renameSync(part, prepared);
}
