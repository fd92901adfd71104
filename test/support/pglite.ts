/** PGlite from a data directory that was prepared once: making one takes most of the time of opening it. */
import { PGlite } from "@electric-sql/pglite";
import { openEmptyPglite } from "../../src/shadow/trace/empty-pglite.ts";

/** Opens an empty one, in memory. */
export function openPglite(): Promise<PGlite> {
  return openEmptyPglite(PGlite);
}

/** Prepares the data directory of this version of PGlite, unless an earlier run has. */
export async function preparePglite(): Promise<void> {
  await (await openPglite()).close();
}
