/** A migration of a release whose SQL lies beside the bundle. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MigrationDefinition } from "../core/language/migration-definition.ts";
import { streamedDefinition } from "../engine/discovery/large-file.ts";

/** `from` is the folder of the bundle, which may lie below that of the others. */
export function streamedBeside(
  from: string,
  place: string,
  origin: string,
  ...[back]: readonly string[]
): MigrationDefinition {
  const down: MigrationDefinition["down"] = back === undefined ? undefined : (m) => m.execute(back);
  return streamedDefinition(found(from, place), { origin, down });
}

function found(from: string, place: string): string {
  const path = join(from, place);
  const above = dirname(from);
  return existsSync(path) || above === from ? path : found(above, place);
}
