/** An empty PGlite in memory, for a shadow. */
import type { PGlite } from "@electric-sql/pglite";
import { openKept, type PgliteExtensions } from "../../adapters/pglite/kept-data-directory.ts";

/** Opens one: making its data directory takes most of the time, so that is done once. */
export function openEmptyPglite(
  maker: typeof PGlite,
  extensions: PgliteExtensions = {},
): Promise<PGlite> {
  return openKept(maker, { name: "empty-pglite", extensions });
}
