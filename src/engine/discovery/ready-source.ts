/** Migrations that bring what reads them: a release whose migrations were compiled when it was built. */
import type { Source } from "./source.ts";

export type ReadySource = { readonly source: Source };

/** Tells it from a map by its key, which is no migration's. */
export function isReadySource(migrations: object): migrations is ReadySource {
  return "source" in migrations;
}
